//! Completion scripts that know the names of positions, tests and exercises; in fish those after options only.

use crate::arguments::Arguments;
use clap::builder::{PossibleValuesParser, Resettable, ValueParser};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use guywire::case::Vocabulary;

/// The script for a shell.
pub fn script(shell: Shell, vocabulary: &Vocabulary) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut named(vocabulary), "guywire", &mut script);
    script
}

/// The command with its names spelt out. Only scripts use it: what is typed is checked by whoever knows the nearest name.
fn named(vocabulary: &Vocabulary) -> Command {
    let Vocabulary { positions, tests, exercises, groups, muscles, equipment, .. } = vocabulary;
    let tests = tests.iter().map(|test| test.name.clone()).collect();
    let exercises = exercises.iter().map(|exercise| exercise.name.clone()).collect();
    let sided = |name: &String| [name.clone(), format!("{name}.left"), format!("{name}.right")];
    let targets = groups.iter().chain(muscles).flat_map(sided).collect();
    let lists: [(&str, &str, Vec<String>); 5] = [
        ("posture", "position", positions.clone()),
        ("test", "name", tests),
        ("exercise", "name", exercises),
        ("exercise", "rank", targets),
        ("plan", "equipment", [vec!["none".to_owned()], equipment.clone()].concat()),
    ];
    lists.into_iter().fold(Arguments::command(), |command, (verb, argument, names)| {
        let parser = Resettable::Value(ValueParser::from(PossibleValuesParser::new(names)));
        command.mut_subcommand(verb, |verb| verb.mut_arg(argument, |arg| arg.value_parser(parser)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn scripts_know_the_names() {
        let vocabulary = Engine::load().unwrap().vocabulary().unwrap();
        let (after_options, by_place) =
            (["standing_on_left", "hip_flexors.left"], ["straight_leg_raise", "strap_hamstring"]);
        // Scripts of fish complete options only.
        for (shell, by_place) in [(Shell::Bash, &by_place[..]), (Shell::Zsh, &by_place), (Shell::Fish, &[])] {
            let script = String::from_utf8(script(shell, &vocabulary)).unwrap();
            for name in after_options.iter().chain(by_place) {
                assert!(script.contains(name), "{shell}: no {name}");
            }
        }
    }
}
