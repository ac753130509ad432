//! The screening: who is sent where, and that nothing unasked counts as `no`.

use crate::common;
use guywire::case::{
    Answer, Audience, Case, Date, Examination, Person, ScreeningAnswers, Sex, TestKind, TestVocabulary,
    Vocabulary,
};
use guywire::results::{Level, Screening};
use guywire::screening::{Rule, RuleSet};
use proptest::prelude::*;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::read().unwrap_or_else(|e| panic!("{e}")));

fn person(age: f64, sex: Sex) -> Person {
    Person { age, sex, height_cm: 150.0, mass_kg: 45.0, ..common::person() }
}

/// Every question for `person` answered with no, but for those in `other`.
fn answered(person: &Person, other: &[(&str, Answer)]) -> ScreeningAnswers {
    let mut answers = ScreeningAnswers::default();
    for question in RULES.for_person(person, Audience::Person) {
        answers.record(&question.name, Answer::No);
    }
    for (name, answer) in other {
        assert!(RULES.questions().iter().any(|q| q.name == *name), "{name} is no question");
        answers.record(name, *answer);
    }
    answers
}

fn screened(age: f64, sex: Sex, yes: &[&str]) -> Screening {
    let person = person(age, sex);
    let yes: Vec<_> = yes.iter().map(|name| (*name, Answer::Yes)).collect();
    RULES.screen(&person, &answered(&person, &yes))
}

fn examination(note: Option<&str>) -> Option<Examination> {
    let on = Date::new(2026, 3, 2).unwrap();
    Some(Examination { by: "Dr. Weber".into(), on, note: note.map(str::to_owned) })
}

/// Somebody for whom `rule` is.
fn meant(rule: &Rule) -> Person {
    let age = rule.whom.from_age.or(rule.whom.below_age.map(|age| age - 1.0)).unwrap_or(35.0);
    let named = |name: &str| {
        let question = RULES.questions().iter().find(|q| q.name == name).unwrap();
        rule.names(name).then_some(question.whom.sex).flatten()
    };
    let sex = RULES.questions().iter().find_map(|q| named(&q.name));
    person(age, rule.whom.sex.or(sex).unwrap_or(Sex::Female))
}

/// The situations of the evidence, written down by hand beside the rules.
#[test]
fn situations_lead_where_the_evidence_sends_them() {
    use Level::{
        EmergencyToday as Today, Proceed, ProceedWithNote as Note, SeeClinicianFirst as First,
        UrgentWithinDays as Days,
    };
    use Sex::{Female, Male};
    let situations: &[(f64, Sex, &[&str], Level)] = &[
        (38.0, Female, &[], Proceed),
        (38.0, Female, &["back_pain"], Proceed),
        (38.0, Female, &["back_pain", "low_mood_or_fear"], Note),
        (38.0, Female, &["back_pain", "saddle_numbness"], Today),
        (38.0, Female, &["bladder_change"], Today),
        (38.0, Male, &["bowel_accidents"], Today),
        (38.0, Male, &["both_legs"], Today),
        (38.0, Male, &["leg_weakness"], Today),
        (45.0, Male, &["minor_injury"], Note),
        (70.0, Male, &["minor_injury"], Days),
        (45.0, Male, &["minor_injury", "weak_bones"], Days),
        (45.0, Male, &["minor_injury", "weak_bones", "spreading_numbness"], Today),
        (45.0, Female, &["major_injury"], Days),
        (45.0, Female, &["cancer_history"], First),
        (45.0, Female, &["cancer_history", "weight_loss"], Days),
        (45.0, Female, &["cancer_history", "leg_weakness"], Today),
        (55.0, Female, &["new_without_cause"], Note),
        (35.0, Female, &["new_without_cause"], Note),
        (55.0, Female, &["new_without_cause", "unwell"], Days),
        (19.0, Female, &["new_without_cause"], First),
        (40.0, Male, &["fever"], Days),
        (40.0, Male, &["fever", "back_pain"], Today),
        (40.0, Male, &["weak_immunity"], Note),
        (40.0, Male, &["weak_immunity", "severe_stiffness"], Today),
        (30.0, Male, &["morning_stiffness", "better_moving"], Proceed),
        (30.0, Male, &["morning_stiffness", "better_moving", "long_from_young_age"], First),
        (66.0, Male, &["tearing_pain_or_collapse"], Today),
        (66.0, Male, &["pulsing_belly"], Days),
        (66.0, Male, &["vessel_risk"], Note),
        (30.0, Female, &["pregnancy"], First),
        (30.0, Female, &["pregnancy", "fever"], Today),
        (30.0, Female, &["flank_pain_or_urine"], First),
        (30.0, Female, &["flank_pain_or_urine", "fever"], Today),
        (16.0, Male, &["testicle_pain"], Today),
        (30.0, Male, &["testicle_pain"], Days),
        (30.0, Male, &["swollen_calf"], Today),
        (30.0, Male, &["groin_pain"], Proceed),
        (30.0, Male, &["groin_pain", "limp"], First),
        (30.0, Male, &["groin_pain", "hip_turns_in_less"], First),
        (30.0, Male, &["groin_pain", "pain_bearing_weight"], Days),
        (30.0, Male, &["cannot_bear_weight"], Today),
        // A growing person is seen first, and growth plates come first.
        (12.0, Male, &[], First),
        (12.0, Male, &["groin_pain"], First),
        (12.0, Male, &["limp"], First),
        (12.0, Male, &["thigh_or_knee_pain"], First),
        (12.0, Male, &["groin_pain", "limp"], Today),
        (12.0, Male, &["thigh_or_knee_pain", "hip_turns_in_less"], Today),
        (12.0, Male, &["groin_pain", "foot_turned_out"], Today),
        (12.0, Male, &["cannot_bear_weight"], Today),
        (12.0, Male, &["hip_pain", "fever"], Today),
        (12.0, Male, &["unremitting_pain"], Days),
        (12.0, Male, &["bruising_or_lump"], Days),
        (12.0, Male, &["heel_pain"], First),
        (15.0, Male, &["sudden_pop"], Days),
        (8.0, Male, &["back_pain"], Days),
        (12.0, Male, &["account_does_not_fit"], Days),
    ];
    for (age, sex, yes, expected) in situations {
        let screening = screened(*age, *sex, yes);
        assert_eq!(screening.result, *expected, "{age} years, {yes:?}: {:?}", screening.reasons);
    }
}

#[test]
fn every_rule_fires_for_somebody_sure_and_unsure() {
    for rule in RULES.rules() {
        for (answer, level) in [(Answer::Yes, rule.level), (Answer::Unsure, rule.unsure)] {
            let person = meant(rule);
            let named: Vec<(&str, Answer)> =
                rule.needs.iter().flat_map(|need| &need.any).map(|name| (name.as_str(), answer)).collect();
            let screening = RULES.screen(&person, &answered(&person, &named));
            let reason = screening.reasons.iter().find(|reason| reason.rule == rule.name);
            let reason = reason.unwrap_or_else(|| panic!("{} does not fire at {}", rule.name, person.age));
            if !rule.needs.is_empty() {
                assert_eq!((reason.level, reason.unsure), (level, answer == Answer::Unsure), "{}", rule.name);
            }
            assert!(screening.result >= reason.level);
            assert!(!reason.reason.is_empty() && !reason.action.is_empty() && !reason.source.is_empty());
        }
    }
}

/// No question is asked for nothing, and each is asked of somebody.
#[test]
fn every_question_can_raise_the_result() {
    for question in RULES.questions() {
        let rule = RULES.rules().iter().find(|rule| rule.names(&question.name)).unwrap();
        let person = meant(rule);
        let needed: Vec<(&str, Answer)> = rule
            .needs
            .iter()
            .flat_map(|need| {
                let own = need.any.iter().filter(|name| **name == question.name);
                own.chain(need.any.iter().filter(|name| **name != question.name)).take(need.at_least)
            })
            .map(|name| (name.as_str(), Answer::Yes))
            .collect();
        assert!(needed.iter().any(|(name, _)| *name == question.name), "{}", question.name);
        let fired = RULES.screen(&person, &answered(&person, &needed));
        let asked = |reason: &&guywire::results::Reason| {
            reason.questions.iter().any(|asked| asked.name == question.name)
        };
        assert!(fired.reasons.iter().any(|reason| asked(&reason)), "{}", question.name);
        assert!(question.text.ends_with('?'), "{}", question.text);
    }
}

#[test]
fn every_level_is_reached() {
    let reached = |level: Level| {
        RULES.rules().iter().any(|rule| {
            let person = person(rule.whom.from_age.unwrap_or(35.0), Sex::Male);
            let yes: Vec<_> =
                rule.needs.iter().flat_map(|n| &n.any).map(|name| (name.as_str(), Answer::Yes)).collect();
            RULES.screen(&person, &answered(&person, &yes)).result == level
        })
    };
    for level in Level::ALL.into_iter().skip(1) {
        assert!(reached(level), "{level:?}");
    }
    let nothing = screened(35.0, Sex::Male, &[]);
    assert_eq!((nothing.result, nothing.reasons.len(), nothing.unanswered.len()), (Level::Proceed, 0, 0));
    assert!(nothing.allows_self_care() && nothing.safety_net.len() >= 5);
}

#[test]
fn what_was_not_asked_is_listed_and_no_plain_proceed() {
    for (age, sex) in [(35.0, Sex::Female), (35.0, Sex::Male), (70.0, Sex::Male), (12.0, Sex::Male)] {
        let person = person(age, sex);
        let whole = answered(&person, &[]);
        for (i, (left_out, _)) in whole.answers.iter().enumerate() {
            let mut answers = whole.clone();
            answers.answers.remove(i);
            let screening = RULES.screen(&person, &answers);
            assert_eq!(screening.unanswered, [left_out.as_str()]);
            let important = RULES.questions().iter().find(|q| q.name == *left_out).unwrap().important;
            assert_eq!(screening.is_complete(), !important);
            if important {
                assert!(screening.result >= Level::ProceedWithNote && !screening.allows_self_care());
                assert!(screening.notes[0].contains("does not count as no"), "{:?}", screening.notes);
            }
        }
    }
}

#[test]
fn nothing_asked_says_so() {
    let screening = RULES.screen(&person(35.0, Sex::Female), &ScreeningAnswers::default());
    assert_eq!((screening.result, screening.asked), (Level::ProceedWithNote, false));
    assert_eq!(screening.unanswered.len(), screening.answers.len());
    assert!(screening.title.contains("No screening question was asked"), "{}", screening.title);
    assert!(!screening.allows_self_care() && screening.shows_mechanics());
}

#[test]
fn questions_fit_age_and_sex() {
    let asked = |age, sex, audience| -> Vec<String> {
        RULES.for_person(&person(age, sex), audience).map(|question| question.name.clone()).collect()
    };
    let boy = asked(12.0, Sex::Male, Audience::Person);
    let woman = asked(35.0, Sex::Female, Audience::Person);
    let has = |list: &[String], name: &str| list.iter().any(|n| n == name);
    assert!(has(&boy, "foot_turned_out") && !has(&boy, "sexual_numbness") && !has(&boy, "pregnancy"));
    assert!(has(&woman, "pregnancy") && !has(&woman, "foot_turned_out") && !has(&woman, "testicle_pain"));
    assert!(!has(&boy, "account_does_not_fit"));
    assert!(has(&asked(12.0, Sex::Male, Audience::Clinician), "account_does_not_fit"));
}

#[test]
fn nobody_is_asked_what_no_rule_reads() {
    for age in 4..=110 {
        for sex in [Sex::Female, Sex::Male] {
            let person = person(f64::from(age), sex);
            for question in RULES.for_person(&person, Audience::Clinician) {
                let read = |rule: &Rule| rule.names(&question.name) && rule.whom.includes(&person);
                assert!(RULES.rules().iter().any(read), "{} at {age}", question.name);
            }
        }
    }
}

#[test]
fn an_answer_that_nobody_reads_is_not_lost() {
    let person = person(35.0, Sex::Male);
    let screening = RULES.screen(&person, &answered(&person, &[("foot_turned_out", Answer::Yes)]));
    assert_eq!(screening.result, Level::ProceedWithNote);
    assert!(screening.notes[0].contains("`foot_turned_out`"), "{:?}", screening.notes);
    let no = RULES.screen(&person, &answered(&person, &[("foot_turned_out", Answer::No)]));
    assert_eq!(no.result, Level::Proceed);
}

#[test]
fn an_examination_lowers_what_it_answers_and_is_shown() {
    let child = person(12.0, Sex::Male);
    let mut answers = answered(&child, &[("groin_pain", Answer::Yes)]);
    answers.examination = examination(None);
    let seen = RULES.screen(&child, &answers);
    assert_eq!(seen.result, Level::ProceedWithNote);
    assert_eq!(seen.examination, answers.examination);
    let reason = seen.reasons.iter().find(|r| r.rule == "child_hip_groin_or_limp").unwrap();
    assert!(reason.lowered_by_examination && reason.rule_level == Level::SeeClinicianFirst);
    // What was found must be written down before a hip that may have slipped is lowered.
    answers.record("limp", Answer::Yes);
    assert_eq!(RULES.screen(&child, &answers).result, Level::EmergencyToday);
    answers.examination = examination(Some("X-rays of both hips without finding"));
    assert_eq!(RULES.screen(&child, &answers).result, Level::ProceedWithNote);
    // Signs that cannot wait stay, whoever examined.
    answers.record("saddle_numbness", Answer::Yes);
    assert_eq!(RULES.screen(&child, &answers).result, Level::EmergencyToday);
}

/// A case of `person` with readings of hip internal rotation.
fn case_of(person: Person, screening: ScreeningAnswers, turned: &str, today: &str) -> Case {
    let reading = |side: &str, reading: &str| {
        let name = "hip_internal_rotation";
        format!("[[visit.test]]\nname = \"{name}\"\nside = \"{side}\"\nreading = {reading}\n")
    };
    let mut text = "positions = [\"standing\"]\n[person]\nname = \"Ada\"\nage = 35\nsex = \"female\"\n\
                    height_cm = 168\nmass_kg = 62\n"
        .to_owned();
    for visit in turned.split_terminator(';') {
        let (date, sides) = visit.split_once(' ').unwrap();
        let (left, right) = sides.split_once(' ').unwrap();
        text += &format!("[[visit]]\ndate = {date}\n{}{}", reading("left", left), reading("right", right));
    }
    let vocabulary = Vocabulary {
        positions: vec!["standing".into()],
        tests: TestVocabulary::all().unwrap(),
        today: Some(today.parse().unwrap()),
        ..Vocabulary::default()
    };
    let case = Case::parse(&text, &vocabulary).unwrap_or_else(|e| panic!("{}", e.describe("case", &text)));
    Case { person, screening, ..case }
}

#[test]
fn an_old_examination_is_shown_and_lowers_nothing() {
    let child = person(12.0, Sex::Male);
    let mut answers = answered(&child, &[("groin_pain", Answer::Yes)]);
    answers.examination = examination(None); // of 2026-03-02
    let on = |today: &str| RULES.screen_case(&case_of(child.clone(), answers.clone(), "", today));
    let fresh = on("2026-08-29");
    assert_eq!((fresh.result, fresh.notes.len()), (Level::ProceedWithNote, 0), "180 days");
    let old = on("2026-08-30");
    assert_eq!(old.result, Level::SeeClinicianFirst);
    assert_eq!(old.examination, answers.examination);
    assert!(old.notes[0].contains("2026-03-02 by Dr. Weber is more than 180 days ago"), "{:?}", old.notes);
    // Without a calendar nothing is known of its age.
    let undated = Case { today: None, ..case_of(child.clone(), answers.clone(), "", "2026-08-30") };
    assert_eq!(RULES.screen_case(&undated).result, Level::ProceedWithNote);
}

/// An examination lasts as long as bones are taken to keep still.
#[test]
fn an_examination_lasts_as_long_as_bones() {
    let bones = guywire::outcomes::Evidence::read().unwrap().waiting(TestKind::Bone).unwrap().days;
    let child = person(12.0, Sex::Male);
    let mut answers = answered(&child, &[("groin_pain", Answer::Yes)]);
    answers.examination = examination(None);
    let examined = answers.examination.as_ref().unwrap().on.days();
    let after = |days: i64| {
        let today = Date::from_days(examined + days).unwrap().to_string();
        RULES.screen_case(&case_of(child.clone(), answers.clone(), "", &today)).result
    };
    assert_eq!((after(bones), after(bones + 1)), (Level::ProceedWithNote, Level::SeeClinicianFirst));
}

#[test]
fn a_hip_that_was_read_to_turn_in_less_is_held_against_the_answer() {
    let woman = person(35.0, Sex::Female);
    let on = |answer: Option<Answer>, turned: &str| {
        let mut answers = answered(&woman, &[]);
        answers.answers.retain(|(name, _)| name != "hip_turns_in_less");
        if let Some(answer) = answer {
            answers.record("hip_turns_in_less", answer);
        }
        RULES.screen_case(&case_of(woman.clone(), answers, turned, "2026-08-30"))
    };
    let no = on(Some(Answer::No), "2026-03-02 12 35");
    assert_eq!(no.result, Level::ProceedWithNote);
    let note = &no.notes[0];
    assert!(note.contains("of 2026-03-02 reads 12° on the left and 35° on the right"), "{note}");
    assert!(note.contains("was answered with no"), "{note}");
    let open = on(None, "2026-03-02 40 20");
    assert!(open.notes.iter().any(|note| note.contains("was not answered")), "{:?}", open.notes);
    // Less than error explains, a later visit that does not show it, and an answer that says it already.
    assert_eq!(on(Some(Answer::No), "2026-03-02 22 35").result, Level::Proceed);
    assert_eq!(on(Some(Answer::No), "2026-03-02 12 35;2026-06-02 30 32").result, Level::Proceed);
    assert!(on(Some(Answer::Yes), "2026-03-02 12 35").notes.is_empty());
}

#[test]
fn mechanics_are_hidden_from_the_person_and_shown_to_a_clinician() {
    let child = person(12.0, Sex::Male);
    let mut answers = answered(&child, &[("groin_pain", Answer::Yes)]);
    let own = RULES.screen(&child, &answers);
    assert!(own.stops_self_care() && !own.shows_mechanics());
    assert!(own.reasons.iter().all(|reason| reason.suspect.is_none()));
    answers.audience = Audience::Clinician;
    let clinical = RULES.screen(&child, &answers);
    assert!(clinical.stops_self_care() && clinical.shows_mechanics() && !clinical.allows_self_care());
    assert!(clinical.reasons.iter().all(|reason| reason.suspect.is_some()));
}

/// Words that raise fear, promise health or name a disease have no place in what a person reads.
#[test]
fn the_words_of_the_screen_are_plain() {
    let mut said: Vec<String> = Vec::new();
    for age in [8.0, 12.0, 17.0, 35.0, 70.0] {
        for sex in [Sex::Female, Sex::Male] {
            let person = person(age, sex);
            let all: Vec<_> = RULES.questions().iter().map(|q| (q.name.as_str(), Answer::Yes)).collect();
            for answers in [answered(&person, &[]), answered(&person, &all), ScreeningAnswers::default()] {
                let s = RULES.screen(&person, &answers);
                said.extend([s.title, s.lead, s.rules_status]);
                said.extend(s.notes.into_iter().chain(s.safety_net));
                said.extend(s.answers.into_iter().map(|asked| asked.question));
                said.extend(s.reasons.into_iter().flat_map(|r| [r.reason, r.action]));
            }
        }
    }
    for text in &said {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphabetic());
        assert!(
            !words.any(|word| ["safe", "safely", "cleared", "misaligned", "probability"].contains(&word)),
            "{text}"
        );
        for wrong in ["diagnos", "out of place", "you have", "you do not have", "causes your pain"] {
            assert!(!lower.contains(wrong), "{wrong}: {text}");
        }
    }
}

#[test]
fn answers_are_written_as_they_are_read() {
    let child = person(12.0, Sex::Male);
    let mut answers = ScreeningAnswers { audience: Audience::Clinician, ..Default::default() };
    answers.examination = examination(Some("says \"it pulls\" \\ turns freely"));
    for (i, question) in RULES.for_person(&child, Audience::Clinician).enumerate() {
        if i % 4 < 3 {
            answers.record(&question.name, [Answer::Yes, Answer::No, Answer::Unsure][i % 4]);
        }
    }
    let text = RULES.section(&child, &answers);
    let vocabulary = guywire::case::Vocabulary { screening_questions: RULES.names(), ..Default::default() };
    let file = guywire::case::AnswersFile::parse(&text, &vocabulary)
        .unwrap_or_else(|errors| panic!("{}", errors.describe("answers", &text)));
    assert_eq!(file.over(ScreeningAnswers::default()), answers);
}

fn any_answer() -> impl Strategy<Value = Option<Answer>> {
    prop::sample::select(vec![None, Some(Answer::No), Some(Answer::Unsure), Some(Answer::Yes)])
}

/// `screen` of these answers, one for each question of the rules.
fn screen_all(person: &Person, given: &[Option<Answer>]) -> Screening {
    let mut answers = ScreeningAnswers::default();
    for (question, answer) in RULES.questions().iter().zip(given) {
        if let Some(answer) = answer {
            answers.record(&question.name, *answer);
        }
    }
    RULES.screen(person, &answers)
}

/// More than there are questions; the rest is not used.
const QUESTIONS: usize = 80;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_child_with_groin_pain_or_a_limp_is_always_seen_first(
        age in 4.0..18.0_f64,
        male in any::<bool>(),
        sign in prop::sample::select(vec!["groin_pain", "limp"]),
        unsure in any::<bool>(),
        mut given in prop::collection::vec(any_answer(), QUESTIONS),
    ) {
        prop_assert!(RULES.questions().len() <= QUESTIONS);
        let at = RULES.questions().iter().position(|q| q.name == sign).unwrap();
        given[at] = Some(if unsure { Answer::Unsure } else { Answer::Yes });
        let screening = screen_all(&person(age, if male { Sex::Male } else { Sex::Female }), &given);
        prop_assert!(screening.result >= Level::SeeClinicianFirst);
        prop_assert!(screening.stops_self_care() && !screening.allows_self_care() && !screening.shows_mechanics());
        prop_assert!(screening.reasons.iter().any(|reason| reason.rule == "child_hip_groin_or_limp"));
    }

    /// From `no` over `unsure` to `yes` the result never falls, whatever else is answered; nor does it from asked to
    /// not asked.
    #[test]
    fn a_graver_answer_never_lowers_the_result(
        age in 4.0..100.0_f64,
        male in any::<bool>(),
        at in any::<prop::sample::Index>(),
        mut given in prop::collection::vec(any_answer(), QUESTIONS),
    ) {
        let person = person(age, if male { Sex::Male } else { Sex::Female });
        let at = at.index(RULES.questions().len());
        let mut result = |answer| {
            given[at] = answer;
            screen_all(&person, &given).result
        };
        let [no, unsure, yes] = [Answer::No, Answer::Unsure, Answer::Yes].map(|answer| result(Some(answer)));
        prop_assert!(no <= unsure && unsure <= yes);
        prop_assert!(no <= result(None));
    }
}
