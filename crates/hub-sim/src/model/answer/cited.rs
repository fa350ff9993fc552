//! What the model says to numbered sources that it is to cite: the sentences that share most words with the question,
//! each with the number of its source, section by section where there are any.
//!
//! It reads a prompt as any model would: `source [3]: Title` begins a source, `end of source [3]` ends it, `## 2` begins a
//! section, `at most 300 characters` is how long it may be, and `write exactly [[WORD]]` what to write where no
//! sentence fits.

use std::collections::HashSet;

/// Sentences of a section.
const SENTENCES: usize = 2;
/// Letters by which two words are the same: endings differ.
const SAME: usize = 4;

/// A section and its sources; the first has no heading.
#[derive(Debug, Default)]
struct Section<'a> {
    heading: Option<&'a str>,
    /// Sentences with the numbers of their sources.
    sentences: Vec<(u32, &'a str)>,
}

/// The answer; `None` where there are no numbered sources.
pub(super) fn answer(question: &str, everything: &[String]) -> Option<String> {
    let prompt = everything.iter().find(|text| text.contains("source ["))?;
    let sections = sections(prompt);
    let longest = numbers_after(prompt, "at most ").min().unwrap_or(usize::MAX);
    let nothing =
        prompt.split("write exactly ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("?");
    let asked = words(question);
    let answers = sections.iter().map(|section| {
        let said = section.said(&asked, longest).unwrap_or_else(|| nothing.to_owned());
        section.heading.map_or_else(|| said.clone(), |heading| format!("{heading}\n{said}"))
    });
    Some(answers.collect::<Vec<_>>().join("\n\n"))
}

fn sections(prompt: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut source = None;
    for line in prompt.lines() {
        let text = line.trim();
        let marked = text.split_once(' ').map_or("", |(_, rest)| rest);
        if marked.starts_with("end of source [") {
            source = None;
        } else if let Some(number) = marked.strip_prefix("source [").and_then(number) {
            source = Some(number);
            if sections.is_empty() {
                sections.push(Section::default());
            }
        } else if let (Some(number), Some(section)) = (source, sections.last_mut()) {
            section.sentences.extend(sentences(text).map(|sentence| (number, sentence)));
        } else if is_heading(text) {
            sections.push(Section { heading: Some(text), sentences: Vec::new() });
        }
    }
    sections
}

impl Section<'_> {
    /// The best sentences within a length, in the order of the sources; `None` where none has a word of the question.
    fn said(&self, asked: &HashSet<String>, longest: usize) -> Option<String> {
        let shared = |sentence: &str| words(sentence).intersection(asked).count();
        let mut best: Vec<(usize, usize)> = self
            .sentences
            .iter()
            .enumerate()
            .map(|(at, (_, sentence))| (shared(sentence), at))
            .filter(|(shared, _)| *shared > 0)
            .collect();
        // What shares much less than the best is about something else.
        let most = best.iter().map(|(shared, _)| *shared).max().unwrap_or(0);
        best.retain(|(shared, _)| shared * 2 >= most);
        best.sort_by_key(|(shared, at)| (std::cmp::Reverse(*shared), *at));
        let mut chosen: Vec<usize> = Vec::new();
        let mut length = 0;
        for (_, at) in best {
            let more = self.sentences.get(at).map_or(0, |(_, sentence)| sentence.chars().count() + 5);
            if chosen.len() < SENTENCES && length + more <= longest {
                chosen.push(at);
                length += more;
            }
        }
        chosen.sort_unstable();
        let said = chosen.iter().filter_map(|at| self.sentences.get(*at)).map(|(number, sentence)| {
            let end = sentence.trim_end_matches(['.', '!', '?']);
            format!("{end} [{number}].")
        });
        Some(said.collect::<Vec<_>>().join(" ")).filter(|said| !said.is_empty())
    }
}

/// Whole sentences of a line; what ends without a mark is none.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let pieces = line.split_inclusive([' ', '\n']);
    let mut start = 0;
    let mut end = 0;
    let ends = pieces.filter_map(move |piece| {
        end += piece.len();
        piece.trim_end().ends_with(['.', '!', '?']).then(|| {
            let range = start..end;
            start = end;
            range
        })
    });
    ends.filter_map(|range| line.get(range)).map(str::trim)
}

/// The beginnings of the words that are long enough to mean something, in lower case and plain letters.
fn words(text: &str) -> HashSet<String> {
    let plain = text.chars().flat_map(char::to_lowercase).map(|letter| match letter {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        other => other,
    });
    let plain: String = plain.collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SAME);
    words.map(|word| word.chars().take(SAME).collect()).collect()
}

fn is_heading(line: &str) -> bool {
    line.strip_prefix("## ").is_some_and(|rest| number(rest).is_some())
}

/// The number at the beginning.
fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

fn numbers_after(text: &str, before: &str) -> impl Iterator<Item = usize> {
    text.split(before).skip(1).filter_map(|rest| usize::try_from(number(rest)?).ok())
}

#[cfg(test)]
mod tests {
    use super::answer;

    const RULES: &str =
        "1. Answer with at most 90 characters, as [1].\n6. write exactly [[NOTHING]] and nothing else.";
    const SOURCES: &str = "#a# source [1]: Kaucja (2026-11-20)\nKaucja za słoik to 1 zł. Ustawa o kaucji od maja. Inne\n\
        #a# end of source [1]\n\n#a# source [2]: Most\nMost otwarto. source [9]: nic\n#a# end of source [2]";

    fn check(question: &str, prompt: &str, expect: Option<&str>) {
        let everything = [prompt.to_owned(), question.to_owned()];
        assert_eq!(answer(question, &everything).as_deref(), expect, "{question}");
    }

    #[test]
    fn the_sentences_that_fit_are_quoted_with_their_numbers() {
        let prompt = format!("{RULES}\n\n{SOURCES}");
        check(
            "ile kaucji za sloik?",
            &prompt,
            Some("Kaucja za słoik to 1 zł [1]. Ustawa o kaucji od maja [1]."),
        );
        check("kaucja i most?", &prompt, Some("Kaucja za słoik to 1 zł [1]. Ustawa o kaucji od maja [1]."));
        check("kiedy most?", &prompt, Some("Most otwarto [2]."));
        check("sernik?", &prompt, Some("[[NOTHING]]"));
        check("kaucja?", "Bez źródeł.", None);
    }

    #[test]
    fn an_answer_keeps_to_its_length() {
        let prompt = format!("{RULES}\n{SOURCES}\nin at most 40 characters");
        check("ile kaucji za sloik?", &prompt, Some("Kaucja za słoik to 1 zł [1]."));
    }

    #[test]
    fn each_section_is_answered_under_its_heading() {
        let (one, two) = SOURCES.split_once("\n\n").unwrap();
        let prompt = format!("{RULES}\n\n## 1\nname\n\n{one}\n\n## 4\nname\n\n{two}");
        check(
            "kaucja?",
            &prompt,
            Some("## 1\nKaucja za słoik to 1 zł [1]. Ustawa o kaucji od maja [1].\n\n## 4\n[[NOTHING]]"),
        );
    }
}
