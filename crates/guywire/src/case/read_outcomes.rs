//! Reads `[visit.outcomes]`: what the person says of pain and function.

use super::error::CaseError;
use super::quantity::{ACTIVITY, OSWESTRY, PAIN, ROLAND_MORRIS};
use super::read_visit::LONGEST_LINE;
use super::reader::{Key, Reader, Value, entries, number, place, shown};
use super::visit::{Activity, Outcomes, RolandMorris, StartBack};
use super::visit_error::VisitProblem;
use toml::de::{DeTable, DeValue};

pub(super) const OUTCOME_FIELDS: [&str; 5] =
    ["pain_0_10", "patient_specific", "roland_morris", "start_back", "oswestry_percent"];
const ROLAND_FIELDS: [&str; 2] = ["ticked", "unanswered"];
const START_BACK_FIELDS: [&str; 3] = ["agreed", "bothersomeness", "unanswered"];
const ACTIVITY_FIELDS: [&str; 2] = ["activity", "score"];
const OUTCOMES: &str = "`[visit.outcomes]`";

/// Statements of the Roland-Morris questionnaire.
const ROLAND_ITEMS: u8 = 24;
/// Items of the STarT Back tool.
const START_BACK_ITEMS: u8 = 9;
/// The item of it that asks how bothersome the pain is.
const BOTHERSOME: u8 = 9;
/// Activities of the patient-specific functional scale: the form has room for five (Stratford et al. 1995).
const MOST_ACTIVITIES: usize = 5;

/// Answers to the ninth item, and whether they count (Hill et al. 2008: the upper two of five).
const BOTHERSOMENESS: [(&str, bool); 5] = [
    ("not_at_all", false),
    ("slightly", false),
    ("moderately", false),
    ("very_much", true),
    ("extremely", true),
];

impl Reader<'_> {
    pub(super) fn outcomes(&mut self, table: &DeTable<'_>) -> Option<Outcomes> {
        let mut outcomes = Outcomes::default();
        let mut complete = true;
        for (key, value) in entries(table) {
            let read = match key.get_ref().as_ref() {
                "pain_0_10" => {
                    outcomes.pain = self.number(PAIN.field, &PAIN, key, value);
                    outcomes.pain.is_some()
                }
                "oswestry_percent" => {
                    outcomes.oswestry_percent = self.number(OSWESTRY.field, &OSWESTRY, key, value);
                    outcomes.oswestry_percent.is_some()
                }
                "patient_specific" => self
                    .activities(key, value)
                    .map(|activities| outcomes.patient_specific = activities)
                    .is_some(),
                "roland_morris" => {
                    outcomes.roland_morris = self.roland_morris(key, value);
                    outcomes.roland_morris.is_some()
                }
                "start_back" => {
                    outcomes.start_back = self.start_back(key, value);
                    outcomes.start_back.is_some()
                }
                _ => {
                    self.unknown_field(key, OUTCOMES, &OUTCOME_FIELDS);
                    true
                }
            };
            complete &= read;
        }
        complete.then_some(outcomes)
    }

    fn activities(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<Activity>> {
        let expected = "a list of `{ activity = \"…\", score = … }`";
        let DeValue::Array(list) = value.get_ref() else {
            return self.wrong_type("patient_specific", expected, key, value, None);
        };
        if !(1..=MOST_ACTIVITIES).contains(&list.len()) {
            let (count, high) = (list.len(), MOST_ACTIVITIES);
            let problem = VisitProblem::Count { field: "patient_specific", count, low: 1, high };
            self.problem(problem, place(key, value));
            return None;
        }
        let mut activities: Vec<Activity> = Vec::new();
        let mut complete = true;
        for entry in list.iter() {
            let activity = match entry.get_ref() {
                DeValue::Table(table) => self.activity(entry, table),
                _ => self.wrong_type("patient_specific", expected, key, entry, None),
            };
            match activity {
                Some(activity) if activities.iter().any(|other| other.activity == activity.activity) => {
                    let problem = VisitProblem::RepeatedActivity { activity: shown(&activity.activity) };
                    self.problem(problem, place(key, entry));
                }
                Some(activity) => activities.push(activity),
                None => complete = false,
            }
        }
        complete.then_some(activities)
    }

    fn activity(&mut self, entry: &Value<'_>, table: &DeTable<'_>) -> Option<Activity> {
        let (mut activity, mut score) = (None, Some(None));
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "activity" => {
                    activity = self.line(
                        "activity",
                        ["what the person does, in quotes"; 2],
                        LONGEST_LINE,
                        key,
                        value,
                    )
                }
                "score" => score = self.number(ACTIVITY.field, &ACTIVITY, key, value).map(Some),
                _ => self.unknown_field(key, "`patient_specific`", &ACTIVITY_FIELDS),
            }
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "activity") {
            let (section, example) = ("`patient_specific`", "activity = \"sitting at my desk\"");
            let span = entry.span();
            self.errors.push(CaseError::Missing { field: "activity", section, example, span });
        }
        Some(Activity { activity: activity?, score: score? })
    }

    fn roland_morris(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<RolandMorris> {
        let field = ROLAND_MORRIS.field;
        match value.get_ref() {
            DeValue::Array(_) => {
                let ticked = self.items(field, ROLAND_ITEMS, key, value)?;
                Some(RolandMorris::Items { ticked, unanswered: Vec::new() })
            }
            DeValue::Table(table) => {
                let (mut ticked, mut unanswered) = (None, Some(Vec::new()));
                for (key, value) in entries(table) {
                    match key.get_ref().as_ref() {
                        "ticked" => ticked = self.items("ticked", ROLAND_ITEMS, key, value),
                        "unanswered" => unanswered = self.items("unanswered", ROLAND_ITEMS, key, value),
                        _ => self.unknown_field(key, "`roland_morris`", &ROLAND_FIELDS),
                    }
                }
                self.need("ticked", "ticked = [1, 4, 10]", "`roland_morris`", key, table);
                let (ticked, unanswered) = (ticked?, unanswered?);
                self.apart("ticked", &ticked, &unanswered, key, value)?;
                Some(RolandMorris::Items { ticked, unanswered })
            }
            _ => {
                let total = self.number(field, &ROLAND_MORRIS, key, value)?;
                if total.fract() != 0.0 {
                    return self.wrong_type(field, "a whole number or a list of items", key, value, None);
                }
                // In 0..=24 by the range of the quantity.
                Some(RolandMorris::Total(total as u8))
            }
        }
    }

    fn start_back(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<StartBack> {
        let DeValue::Table(table) = value.get_ref() else {
            if !matches!(value.get_ref(), DeValue::Array(_)) {
                let instead = Some("write `start_back = [1, 2, 5]`, the items agreed to".to_owned());
                return self.wrong_type("start_back", "a list of item numbers", key, value, instead);
            }
            let agreed = self.items("start_back", START_BACK_ITEMS, key, value)?;
            return Some(StartBack { agreed, unanswered: Vec::new() });
        };
        let (mut agreed, mut unanswered, mut bothersome) = (None, Some(Vec::new()), Some(None));
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "agreed" => agreed = self.items("agreed", START_BACK_ITEMS, key, value),
                "unanswered" => unanswered = self.items("unanswered", START_BACK_ITEMS, key, value),
                "bothersomeness" => bothersome = self.bothersomeness(key, value).map(Some),
                _ => self.unknown_field(key, "`start_back`", &START_BACK_FIELDS),
            }
        }
        self.need("agreed", "agreed = [1, 2, 5]", "`start_back`", key, table);
        let (mut agreed, unanswered) = (agreed?, unanswered?);
        self.apart("agreed", &agreed, &unanswered, key, value)?;
        if let Some(counts) = bothersome? {
            if agreed.contains(&BOTHERSOME) || unanswered.contains(&BOTHERSOME) {
                let problem = VisitProblem::Both { field: "bothersomeness", other: "item 9" };
                self.problem(problem, place(key, value));
                return None;
            }
            agreed.extend(counts.then_some(BOTHERSOME));
        }
        Some(StartBack { agreed, unanswered })
    }

    /// Whether an answer to the ninth item counts.
    fn bothersomeness(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<bool> {
        let expected = "one of five words in quotes";
        self.choice("bothersomeness", expected, &BOTHERSOMENESS, |_| None, (key, value))
    }

    /// Numbers of items, each once, in rising order.
    fn items(&mut self, field: &str, last: u8, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<u8>> {
        let expected = "a list of item numbers";
        let DeValue::Array(list) = value.get_ref() else {
            return self.wrong_type(field, expected, key, value, None);
        };
        let mut items: Vec<u8> = Vec::new();
        let mut complete = true;
        for entry in list.iter() {
            let written = matches!(entry.get_ref(), DeValue::Integer(_)).then(|| number(entry.get_ref()));
            let Some(value) = written.flatten() else {
                complete = self.wrong_type(field, expected, key, entry, None).unwrap_or(false);
                continue;
            };
            let span = place(key, entry);
            if !(1.0..=f64::from(last)).contains(&value) {
                self.errors.push(CaseError::OutOfRange {
                    field: format!("an item of {field}"),
                    value,
                    low: 1.0,
                    high: f64::from(last),
                    unit: "",
                    instead: None,
                    span,
                });
                complete = false;
                continue;
            }
            let item = value as u8;
            if items.contains(&item) {
                self.problem(VisitProblem::RepeatedItem { field: field.to_owned(), item }, span);
            } else {
                items.push(item);
            }
        }
        items.sort_unstable();
        complete.then_some(items)
    }

    /// An item cannot be both answered and unanswered.
    fn apart(
        &mut self,
        field: &str,
        answered: &[u8],
        unanswered: &[u8],
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<()> {
        let Some(item) = answered.iter().find(|item| unanswered.contains(item)) else { return Some(()) };
        let field = format!("{field} and unanswered");
        self.problem(VisitProblem::RepeatedItem { field, item: *item }, place(key, value));
        None
    }

    fn need(
        &mut self,
        field: &'static str,
        example: &'static str,
        section: &'static str,
        key: &Key<'_>,
        table: &DeTable<'_>,
    ) {
        if !table.iter().any(|(key, _)| key.get_ref() == field) {
            self.errors.push(CaseError::Missing { field, section, example, span: key.span() });
        }
    }
}
