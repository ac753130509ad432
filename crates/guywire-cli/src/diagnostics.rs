//! Draws the problems of a case file under the lines they are in.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use guywire::case::CaseErrors;
use std::fmt::Write;

/// More problems than these help nobody at once.
const MOST_SHOWN: usize = 20;

/// All problems of `text`, which was read from `origin` (a file or an argument).
pub fn render(errors: &CaseErrors, origin: &str, text: &str, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let all = errors.as_slice();
    let mut out = String::new();
    for error in all.iter().take(MOST_SHOWN) {
        let mut snippet =
            Snippet::source(text).path(origin).annotation(AnnotationKind::Primary.span(error.span()));
        if let Some((span, label)) = error.related() {
            snippet = snippet.annotation(AnnotationKind::Context.span(span).label(label));
        }
        let mut group = Level::ERROR.primary_title(error.to_string()).element(snippet);
        if let Some(help) = error.help() {
            group = group.element(Level::HELP.message(help));
        }
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    let more = all.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        let _ = writeln!(out, "… and {more} more");
    }
    let problems = if all.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", all.len()) };
    let _ = write!(out, "{origin}: {problems}, nothing was computed");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire::case::{Case, Tissue, Vocabulary};

    fn vocabulary() -> Vocabulary {
        Vocabulary {
            groups: vec!["hip_flexors".into(), "hamstrings".into()],
            muscles: vec!["psoas".into()],
            positions: vec!["standing".into(), "supine".into()],
            discs: true,
            screening_questions: vec!["limp".into()],
            ..Vocabulary::default()
        }
    }

    #[test]
    fn a_case_file_is_drawn_with_all_its_problems() {
        let text = "\
positions = [\"standing\", \"standing\"]
[person]
name = \"Ada\"
age = 35
sex = \"female\"
height_m = 1.68
mass_kg = 62
[tissue]
hip_flexor = { length = 0.9 }
";
        let errors = Case::parse(text, &vocabulary()).unwrap_err();
        assert_eq!(
            render(&errors, "ada.toml", text, false),
            "\
error: the position `standing` is listed twice
 --> ada.toml:1:26
  |
1 | positions = [\"standing\", \"standing\"]
  |              ----------  ^^^^^^^^^^
  |              |
  |              first listed here

error: there is no field `height_m`: this quantity is given as `height_cm`
 --> ada.toml:6:1
  |
6 | height_m = 1.68
  | ^^^^^^^^
  |
  = help: write `height_cm = 168`

error: the body has no tissue group or muscle `hip_flexor`
 --> ada.toml:9:1
  |
9 | hip_flexor = { length = 0.9 }
  | ^^^^^^^^^^
  |
  = help: did you mean `hip_flexors`?

ada.toml: 3 problems, nothing was computed"
        );
    }

    #[test]
    fn an_argument_is_drawn_alike() {
        let text = "hip_flexors.lenght=0.9";
        let errors = Tissue::default().apply_setting(text, &vocabulary()).unwrap_err();
        assert_eq!(
            render(&errors, "--set", text, false),
            "\
error: `hip_flexors` has no property `lenght`
 --> --set:1:13
  |
1 | hip_flexors.lenght=0.9
  |             ^^^^^^
  |
  = help: did you mean `length`?

--set: 1 problem, nothing was computed"
        );
    }

    #[test]
    fn an_empty_file_can_be_drawn() {
        let errors = Case::parse("", &vocabulary()).unwrap_err();
        let drawn = render(&errors, "empty.toml", "", true);
        assert!(drawn.contains("is missing from the case"), "{drawn}");
    }

    #[test]
    fn a_flood_is_cut_short() {
        let text = format!("positions = [{}]", "\"x\",".repeat(100));
        let errors = Case::parse(&text, &vocabulary()).unwrap_err();
        let drawn = render(&errors, "x.toml", &text, false);
        assert!(drawn.ends_with("… and 81 more\nx.toml: 101 problems, nothing was computed"), "{drawn}");
    }
}
