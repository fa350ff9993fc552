use super::embed;

fn nearness(a: &str, b: &str) -> f32 {
    embed(a, 1536).iter().zip(embed(b, 1536)).map(|(a, b)| a * b).sum()
}

#[test]
fn every_vector_has_unit_length_in_any_number_of_dimensions() {
    for dimensions in [1, 2, 256, 1536, 3072] {
        for text in ["", "a", "Zażółć gęślą jaźń", "👍", &"słowo ".repeat(1000)] {
            let vector = embed(text, dimensions);
            let length: f32 = vector.iter().map(|value| value * value).sum();
            assert_eq!(vector.len(), dimensions);
            // In one dimension everything may cancel out, and then it points along the first.
            assert!((length - 1.0).abs() < 1e-4, "{text} {dimensions}: {length}");
        }
    }
}

#[test]
fn similar_texts_are_nearer_than_others() {
    let question = "Jakie są godziny otwarcia sklepu?";
    let near = nearness(question, "Sklep: godziny otwarcia w soboty");
    let far = nearness(question, "Kurs dolara spadł o dwa procent");
    assert!(near > 0.3 && far < 0.15 && near > far * 3.0, "{near} {far}");
    assert!(nearness("wiadomość", "wiadomości") > 0.5);
    assert!((nearness("To samo", "to  SAMO!") - 1.0).abs() < 1e-5);
}
