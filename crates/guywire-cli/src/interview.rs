//! Asks the open questions of the screening, one by one.

use guywire::case::{Answer, Audience, Person, ScreeningAnswers};
use guywire::results::Level;
use guywire::screening::RuleSet;
use std::io::{BufRead, Result, Write};

/// What somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Answer(Answer),
    Skip,
    Stop,
}

const KEYS: &str = "y yes, n no, u unsure, s skip, q stop asking";

/// Asks every question for `person` that has no answer yet. What is skipped stays unanswered.
///
/// For the person's own use it ends as soon as the answers ask for help today: the other questions can wait.
pub fn ask(
    rules: &RuleSet,
    person: &Person,
    answers: &mut ScreeningAnswers,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<()> {
    let audience = answers.audience;
    let today = |answers: &ScreeningAnswers| {
        audience == Audience::Person && rules.screen(person, answers).result == Level::EmergencyToday
    };
    let open: Vec<_> =
        rules.for_person(person, audience).filter(|question| answers.of(&question.name).is_none()).collect();
    if open.is_empty() || today(answers) {
        return Ok(());
    }
    writeln!(out, "{} questions about {}. Answer with {KEYS}.\n", open.len(), person.name)?;
    for (i, question) in open.iter().enumerate() {
        match reply(&format!("{}/{} {}", i + 1, open.len(), question.text), input, out)? {
            Reply::Answer(answer) => answers.record(&question.name, answer),
            Reply::Skip => {}
            Reply::Stop => break,
        }
        if today(answers) {
            writeln!(out, "\nThat is enough to know; the other questions can wait.")?;
            break;
        }
    }
    writeln!(out)
}

/// Asks until the reply is one. An empty line is none: nothing counts as answered by itself.
fn reply(question: &str, input: &mut dyn BufRead, out: &mut dyn Write) -> Result<Reply> {
    loop {
        write!(out, "{question} [y/n/u/s/q] ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(Reply::Stop);
        }
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Reply::Answer(Answer::Yes)),
            "n" | "no" => return Ok(Reply::Answer(Answer::No)),
            "u" | "unsure" | "?" => return Ok(Reply::Answer(Answer::Unsure)),
            "s" | "skip" => return Ok(Reply::Skip),
            "q" | "quit" | "stop" => return Ok(Reply::Stop),
            _ => writeln!(out, "Please type {KEYS}.")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::made_up;

    fn talk(typed: &str) -> (ScreeningAnswers, String) {
        let (mut answers, mut said) = (ScreeningAnswers::default(), Vec::new());
        let rules = RuleSet::read().unwrap();
        ask(&rules, &made_up::case().person, &mut answers, &mut typed.as_bytes(), &mut said).unwrap();
        (answers, String::from_utf8(said).unwrap())
    }

    #[test]
    fn replies_are_recorded_and_what_is_skipped_stays_open() {
        let (answers, said) = talk("y\n\nperhaps\nNo\nu\ns\nq\n");
        let given: Vec<(&str, Answer)> = answers.answers.iter().map(|(n, a)| (n.as_str(), *a)).collect();
        assert_eq!(
            given,
            [("back_pain", Answer::Yes), ("hip_pain", Answer::No), ("groin_pain", Answer::Unsure)]
        );
        assert_eq!(said.matches("Is there pain in or around a hip?").count(), 3, "{said}");
        assert_eq!(said.matches("Please type y yes").count(), 2, "{said}");
    }

    #[test]
    fn the_end_of_the_input_ends_the_questions() {
        assert_eq!(talk("").0, ScreeningAnswers::default());
        assert_eq!(talk("y\n").0.answers.len(), 1);
    }

    #[test]
    fn help_today_ends_the_questions() {
        let (answers, said) = talk("y\nn\nn\nn\nn\ny\nn\nn\n");
        assert_eq!(answers.of("bladder_change"), Some(Answer::Yes), "{said}");
        assert_eq!(answers.answers.len(), 6);
        assert!(said.contains("the other questions can wait"), "{said}");
    }

    #[test]
    fn nothing_open_asks_nothing() {
        let rules = RuleSet::read().unwrap();
        let person = made_up::case().person;
        let mut answers = ScreeningAnswers::default();
        for question in rules.for_person(&person, Audience::Person) {
            answers.record(&question.name, Answer::No);
        }
        let mut said = Vec::new();
        ask(&rules, &person, &mut answers, &mut "y\n".as_bytes(), &mut said).unwrap();
        assert!(said.is_empty());
    }
}
