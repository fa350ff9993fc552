use super::*;

#[test]
fn a_value_that_is_plainly_not_the_key_is_refused() {
    use SecretName as N;
    for (name, typed, expect) in [
        (N::TwilioAccountSid, " AC0123 ", Ok("AC0123")),
        (N::TwilioAccountSid, "SK0123", Err(BadSecret::NotAnAccount)),
        (N::TwilioAuthToken, "fifteen-letters", Err(BadSecret::TooShort)),
        (N::TwilioAuthToken, "sixteen-letters!", Ok("sixteen-letters!")),
        (N::TwilioAuthTokenPrevious, "short", Err(BadSecret::TooShort)),
        (N::OpenaiApiKey, "pk-1", Err(BadSecret::NotAModelKey)),
        (N::SecondOpenai, "sk-1", Ok("sk-1")),
        (N::TwilioDefaultFrom, "\t+48 500 100 200\n", Ok("+48 500 100 200")),
        (N::TwilioMessagingServiceSid, "  ", Err(BadSecret::Empty)),
    ] {
        assert_eq!(name.accept(typed), expect, "{name:?} {typed:?}");
    }
}

#[test]
fn names_are_read_as_they_are_written() {
    for name in SecretName::ALL {
        assert_eq!(SecretName::parse(name.as_str()), Some(name));
    }
    assert_eq!(SecretName::parse("APP_SECRET_KEY"), None);
}
