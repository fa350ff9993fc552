use super::*;

#[test]
fn a_choice_stands_over_the_environment_field_by_field() {
    let base = AssistantSettings { enabled: true, model: "z-env".to_owned(), ..AssistantSettings::default() };
    let choice =
        AssistantChoice { temperature: Some(0.0), enabled: Some(false), ..AssistantChoice::default() };
    let settings = choice.over(&base);
    assert_eq!((settings.enabled, settings.temperature, &*settings.model), (false, 0.0, "z-env"));
    assert_eq!(AssistantChoice::default().over(&base), base);
    // An auto-reply that somebody switched on goes before the environment, not before a choice.
    assert!(!AssistantChoice::default().beside(true, &base).enabled);
    assert!(AssistantChoice::default().beside(false, &base).enabled);
    assert!(
        AssistantChoice { enabled: Some(true), ..AssistantChoice::default() }.beside(true, &base).enabled
    );
}

#[test]
fn a_change_keeps_what_it_does_not_mention() {
    let first =
        AssistantChoice { model: Some("a".to_owned()), temperature: Some(0.0), ..AssistantChoice::default() };
    let second =
        first.clone().with(AssistantChoice { draft: Some(true), ..AssistantChoice::default() }).unwrap();
    assert_eq!(second, AssistantChoice { draft: Some(true), ..first.clone() });
    let cleared =
        first.with(AssistantChoice { model: Some(" ".to_owned()), ..AssistantChoice::default() }).unwrap();
    assert_eq!(cleared.model, None);
}

#[test]
fn values_outside_their_limits_are_refused() {
    let choice = AssistantChoice::default;
    for (change, error) in [
        (AssistantChoice { temperature: Some(2.1), ..choice() }, AssistantChoiceError::Temperature),
        (AssistantChoice { temperature: Some(f64::NAN), ..choice() }, AssistantChoiceError::Temperature),
        (
            AssistantChoice { instruction: Some("x".repeat(8_001)), ..choice() },
            AssistantChoiceError::Instruction,
        ),
        (AssistantChoice { history_limit: Some(0), ..choice() }, AssistantChoiceError::Limit),
        (AssistantChoice { segments: Some(21), ..choice() }, AssistantChoiceError::Limit),
        (AssistantChoice { quiet_seconds: Some(61), ..choice() }, AssistantChoiceError::Limit),
        (AssistantChoice { handover_text: Some("x".repeat(641)), ..choice() }, AssistantChoiceError::Limit),
    ] {
        assert_eq!(choice().with(change.clone()), Err(error), "{change:?}");
    }
    let edges = AssistantChoice { quiet_seconds: Some(0), temperature: Some(2.0), ..choice() };
    assert_eq!(choice().with(edges.clone()), Ok(edges));
}

#[test]
fn what_an_import_wrote_is_read() {
    let text =
        r#"{"enabled":true,"system_prompt":"Bądź miły","target_number":null,"model":"m","temperature":0.0}"#;
    let choice: AssistantChoice = serde_json::from_str(text).unwrap();
    assert_eq!(
        (choice.enabled, choice.instruction.as_deref(), choice.temperature),
        (Some(true), Some("Bądź miły"), Some(0.0))
    );
}
