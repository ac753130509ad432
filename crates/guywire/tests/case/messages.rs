//! Every message as a person reads it: `line:column: what is wrong; what to write`.

use crate::{PERSON, case_with, vocabulary};
use guywire::case::{Case, CaseError};

/// All messages of `text`.
fn messages(text: &str) -> String {
    let errors = Case::parse(text, &vocabulary()).expect_err("the case has an error");
    errors.describe("case", text).replace("case:", "")
}

/// The only message of a case with these lines after the seven of the person; its line number counts from there.
fn message(more: &str) -> String {
    let all = messages(&case_with(more));
    assert!(!all.contains('\n'), "more than one message:\n{all}");
    let (line, rest) = all.split_once(':').unwrap();
    format!("{}:{rest}", line.parse::<usize>().unwrap() - 7)
}

/// The only message of the person with one line replaced.
fn person(from: &str, to: &str) -> String {
    assert!(PERSON.contains(from));
    messages(&PERSON.replace(from, to))
}

#[test]
fn a_name_that_is_nearly_right() {
    assert_eq!(
        message("pelvic_incidense_deg = 50"),
        "1:1: there is no field `pelvic_incidense_deg` in `[person]`; did you mean `pelvic_incidence_deg`?"
    );
    assert_eq!(
        message("[tissue]\nhip_flexor = { length = 0.9 }"),
        "2:1: the body has no tissue group or muscle `hip_flexor`; did you mean `hip_flexors`?"
    );
    assert_eq!(
        message("[tissue]\nhip_flexors.lenght = 0.9"),
        "2:13: `hip_flexors` has no property `lenght`; did you mean `length`?"
    );
    assert_eq!(
        message("[tissue]\nhamstrings_left = { tone = 0.05 }"),
        "2:1: the body has no tissue group or muscle `hamstrings_left`; did you mean `hamstrings.left`?"
    );
    assert_eq!(
        message("[report]\ncause = true"),
        "2:1: there is no field `cause` in `[report]`; did you mean `causes`?"
    );
    assert_eq!(
        person("\"standing\"", "\"sitting\""),
        "1:14: there is no position `sitting`; did you mean `sitting_relaxed`?"
    );
    assert_eq!(person("\"female\"", "\"Female\""), "5:7: `sex` cannot be \"Female\"; did you mean `female`?");
    assert_eq!(
        person("positions", "position").lines().next(),
        Some("1:1: `positions` is missing from the case; for example `positions = [\"standing\"]`")
    );
}

#[test]
fn a_name_that_is_nowhere_near() {
    assert_eq!(
        message("colour = \"red\""),
        "1:1: there is no field `colour` in `[person]`; valid here: `name`, `age`, `sex`, `height_cm`, \
         `mass_kg`, `pelvic_incidence_deg`, `segments`"
    );
    assert_eq!(
        message("[tissue]\nhamstrings.tonus = 0.1"),
        "2:12: `hamstrings` has no property `tonus`; valid here: `length`, `stiffness`, `strength`, `tone`, \
         `left`, `right`"
    );
    assert!(message("[tissue]\nbanana.length = 1").starts_with(
        "2:1: the body has no tissue group or muscle `banana`; give a single muscle by its name, or one of \
             `hip_flexors`, `hamstrings`, "
    ),);
    assert_eq!(person("\"female\"", "\"x\""), "5:7: `sex` cannot be \"x\"; valid here: `female`, `male`");
}

#[test]
fn another_unit() {
    assert_eq!(
        person("height_cm = 168", "height_m = 1.68"),
        "6:1: there is no field `height_m`: this quantity is given as `height_cm`; write `height_cm = 168`"
    );
    assert_eq!(
        person("height_cm = 168", "height = \"1.68 m\""),
        "6:1: there is no field `height`: this quantity is given as `height_cm`; write `height_cm = 168`"
    );
    assert_eq!(
        person("mass_kg = 62", "mass_lb = 137"),
        "7:1: there is no field `mass_lb`: this quantity is given as `mass_kg`; write `mass_kg = 62.1`"
    );
    assert_eq!(
        person("mass_kg = 62", "weight = \"heavy\""),
        "7:1: there is no field `weight`: this quantity is given as `mass_kg`; write `mass_kg = …`, in that unit"
    );
    assert_eq!(
        person("168", "1.68"),
        "6:13: `height_cm` is 1.68 cm; it must lie between 90 and 230 cm; if this is in metres, write \
         `height_cm = 168`"
    );
    assert_eq!(
        person("168", "\"5'6\\\"\""),
        "6:13: `height_cm` must be a number without quotes or unit, but here is the text \"5'6\"\""
    );
    assert_eq!(
        message("[tissue]\nhip.extension_range = -3"),
        "2:5: there is no field `extension_range`: this quantity is given as `extension_range_deg`; write \
         `extension_range_deg = -3`"
    );
    assert_eq!(
        message("[tissue]\nhip_flexors = { length = 90 }"),
        "2:26: `hip_flexors.length` is 90; it must lie between 0.5 and 1.5; if this is in per cent, write \
         `length = 0.9`"
    );
    assert_eq!(
        message("[tissue]\nhip_flexors = { length = \"90 %\" }"),
        "2:26: `hip_flexors.length` must be a number without quotes or unit, but here is the text \"90 %\"; \
         write `length = 0.9`"
    );
}

#[test]
fn values_that_no_person_has() {
    assert_eq!(person("age = 35", "age = 3"), "4:7: `age` is 3 years; it must lie between 4 and 110 years");
    assert_eq!(
        person("mass_kg = 62", "mass_kg = 1e300"),
        "7:11: `mass_kg` is 1e300 kg; it must lie between 12 and 250 kg"
    );
    assert_eq!(person("age = 35", "age = nan"), "4:7: `age` must be a finite number, but here is `nan`");
    assert_eq!(person("age = 35", "age = -inf"), "4:7: `age` must be a finite number, but here is `-inf`");
    assert_eq!(
        message("pelvic_incidence_deg = 120"),
        "1:24: `pelvic_incidence_deg` is 120 degrees; it must lie between 20 and 95 degrees"
    );
    assert_eq!(
        message("[tissue]\nhip_flexors.length = -0.1"),
        "2:22: `hip_flexors.length` is -0.1; it must lie between 0.5 and 1.5; a factor: 1 is the reference \
         body, 0.9 is 10 % less"
    );
    assert_eq!(
        message("[tissue]\nreciprocal_inhibition = 2"),
        "2:25: `reciprocal_inhibition` is 2; it must lie between 0 and 1"
    );
    assert_eq!(
        person("\"Ada\"", "\"\""),
        "3:8: `name` must be the person's name on one line, in quotes, but here is the text \"\""
    );
}

#[test]
fn settings_that_contradict_each_other() {
    assert_eq!(
        message("[tissue]\npsoas = { length = 0.6, left = { length = 0.7 } }"),
        "2:34: the settings of `psoas.left.length` make 0.42 together; they must make between 0.5 and 1.5; \
         what is set for both sides and for one side combines: factors multiply, tone and \
         degrees add"
    );
    assert_eq!(
        message("segments = { thigh_cm = 60, shank_cm = 60, trunk_cm = 60 }"),
        "1:1: thigh, shank and trunk are 180 cm together, more than the height of 168 cm; thigh and shank are \
         measured between joint centres, the trunk from S1 to C7"
    );
    assert_eq!(
        person("mass_kg = 62", "mass_kg = 15"),
        "6:1: 15 kg at 168 cm is a body mass index of 5; nobody lives outside 7 to 110; check both numbers and \
         their units"
    );
    assert_eq!(
        person("[\"standing\"]", "[\"standing\", \"supine\", \"standing\"]"),
        "1:36: the position `standing` is listed twice"
    );
}

#[test]
fn the_wrong_kind_of_value() {
    assert_eq!(
        person("[\"standing\"]", "\"standing\""),
        "1:13: `positions` must be a list of names, but here is the text \"standing\"; write \
         `positions = [\"standing\"]`"
    );
    assert_eq!(
        person("[\"standing\"]", "[]"),
        "1:13: `positions` is empty: there is nothing to solve; for example `positions = [\"standing\"]`"
    );
    assert_eq!(
        message("[tissue]\nhip_flexors = 0.9"),
        "2:15: `hip_flexors` must be a table of properties, but here is the number 0.9; write \
         `hip_flexors = { length = 0.9 }`"
    );
    assert_eq!(
        message("[report]\ncauses = 1"),
        "2:10: `causes` must be `true` or `false`, but here is the number 1"
    );
    assert_eq!(
        messages("positions = [\"standing\"]\nperson = \"Ada\""),
        "2:10: `person` must be a section, but here is the text \"Ada\""
    );
}

#[test]
fn the_wrong_place() {
    assert_eq!(
        message("[tissue]\nuncertainty = true"),
        "2:1: `uncertainty` does not belong in `[tissue]`; it belongs in `[report]`"
    );
    assert_eq!(
        message("[report]\nhip_flexors = { length = 0.9 }"),
        "2:1: `hip_flexors` does not belong in `[report]`; it belongs in `[tissue]`"
    );
    let (first, rest) = PERSON.split_once('\n').unwrap();
    let messages = messages(&format!("{rest}{first}\n"));
    assert!(
        messages.ends_with(
            "7:1: `positions` does not belong in `[person]`; it belongs at the top of the file, before the \
             first `[section]`"
        ),
        "{messages}"
    );
    assert_eq!(
        message("[tissue]\nleft.hip_flexors.length = 0.9"),
        "2:1: `left` stands where a tissue must stand; the side comes after the tissue, as in `hip_flexors.left`"
    );
    assert_eq!(
        message("[tissue]\nlumbar.left.neutral_lordosis_deg = 3"),
        "2:8: `lumbar` has no left side; write `lumbar` without a side"
    );
}

#[test]
fn what_is_missing_is_missing_once() {
    assert_eq!(
        messages(""),
        "1:1: `person` is missing from the case; for example `[person]`\n\
         1:1: `positions` is missing from the case; for example `positions = [\"standing\"]`"
    );
    assert_eq!(
        messages("positions = [\"standing\"]\n[person]\nheight_m = 1.7\nsx = \"male\""),
        "2:2: `name` is missing from `[person]`; for example `name = \"Ada\"`\n\
         2:2: `age` is missing from `[person]`; for example `age = 35`\n\
         2:2: `mass_kg` is missing from `[person]`; for example `mass_kg = 65`\n\
         3:1: there is no field `height_m`: this quantity is given as `height_cm`; write `height_cm = 170`\n\
         4:1: there is no field `sx` in `[person]`; did you mean `sex`?"
    );
}

#[test]
fn slips_of_syntax_in_plain_words() {
    assert_eq!(
        message("[tissue]\nhip_flexors.length = 0,9"),
        "2:23: a number has a decimal comma; expected a decimal point, as in `62.5`"
    );
    assert_eq!(person("\"female\"", "female"), "5:7: a text stands without quotes; expected `\"female\"`");
    assert_eq!(
        person("age = 35", "age = 35 years"),
        "4:7: a number has a unit; expected the number alone: its unit is part of the field's name"
    );
    assert_eq!(
        person("\"Ada\"", "\"Ada"),
        "3:12: a quote is never closed; expected `\"` at the end of the text"
    );
    assert_eq!(
        person("[\"standing\"]", "[\"standing\""),
        "1:13: `[` is never closed; expected `]` at the end of this line or list"
    );
    assert_eq!(
        person("age = 35", "age ="),
        "4:6: a value is missing here; expected a number, or a text in quotes"
    );
    assert_eq!(message("age = 36"), "1:1: this is set for the second time; expected every name only once");
}

#[test]
fn all_problems_come_at_once_and_in_order() {
    let text = "\
positions = [\"standing\", \"siting_relaxed\"
[person]
name = \"Ada
age = 300
sex = female
height_m = 1.75
mass_kg = 62,5
[tissue]
hip_flexor = { length = 0.9 }
hamstrings = { length = 0.9
psoas.tone = 0.9
";
    assert_eq!(
        messages(text),
        "\
1:13: `[` is never closed; expected `]` at the end of this line or list
3:12: a quote is never closed; expected `\"` at the end of the text
4:7: `age` is 300 years; it must lie between 4 and 110 years
5:7: a text stands without quotes; expected `\"female\"`
6:1: there is no field `height_m`: this quantity is given as `height_cm`; write `height_cm = 175`
7:13: a number has a decimal comma; expected a decimal point, as in `62.5`
9:1: the body has no tissue group or muscle `hip_flexor`; did you mean `hip_flexors`?
10:14: `{` is never closed; expected `}` at the end of this line or list
11:14: `psoas.tone` is 0.9; it must lie between 0 and 0.5"
    );
}

#[test]
fn errors_carry_their_parts_as_values() {
    let text = PERSON.replace("168", "1680");
    let errors = Case::parse(&text, &vocabulary()).unwrap_err();
    let [error @ CaseError::OutOfRange { field, value, low, high, unit, span, .. }] = errors.as_slice()
    else {
        panic!("{errors:?}");
    };
    assert_eq!((field.as_str(), *value, *low, *high, *unit), ("height_cm", 1680.0, 90.0, 230.0, "cm"));
    assert_eq!(&text[span.clone()], "1680");
    assert_eq!(error.line_and_column(&text), (6, 13));
    let text = PERSON.replace("\"standing\"", "\"standng\"");
    let errors = Case::parse(&text, &vocabulary()).unwrap_err();
    assert_eq!(errors.as_slice()[0].nearest(), Some("standing"));
}

#[test]
fn columns_count_letters_not_bytes() {
    assert_eq!(
        person("name = \"Ada\"", "name = \"Zoë\" # ë\n\"é\" = 1"),
        "4:1: there is no field `é` in `[person]`; valid here: `name`, `age`, `sex`, `height_cm`, `mass_kg`, \
         `pelvic_incidence_deg`, `segments`"
    );
    let text = case_with("[tissue]\nhip_flexors = { \"ë\" = 1, tone = 7 }");
    assert!(messages(&text).contains("9:33: `hip_flexors.tone` is 7"), "{}", messages(&text));
}

#[test]
fn what_a_terminal_would_obey_is_shown_escaped() {
    assert_eq!(
        message("\"\\u001b[31mred\" = 1").split(" in ").next(),
        Some("1:1: there is no field `\\u{1b}[31mred`")
    );
    assert!(person("\"Ada\"", "\"A\\u0007da\"").contains("the text \"A\\u{7}da\""));
}
