//! The bodies that a person's tests allow: members of the fit's posterior, with what the fit does not look for drawn too.
//!
//! What is not known and not looked for (`data/evidence/normal_ranges.toml`) is drawn from a normal distribution, each member
//! from its own stream of random numbers: member `m` is the same however many there are.

use super::StudyError;
use super::ranges::{Input, InputKind, inputs};
use super::uncertainty::neutral;
use crate::body::ReferenceBody;
use crate::case::{Person, Property, Setting, Target, Tissue};
use guywire_math::Random;

/// A body that the tests allow.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The person, with the bones that are taken to be theirs.
    pub person: Person,
    /// The state of every tissue that differs from the reference.
    pub tissue: Tissue,
    /// Factor on the moment of an examiner that the person lets go.
    pub tolerance: f64,
}

/// What the numbers of a report are taken from, where tests were fitted.
#[derive(Clone, Debug)]
pub struct Members {
    /// The most probable body: the one that is shown.
    pub most_probable: Member,
    /// Bodies drawn from what the tests leave open.
    pub drawn: Vec<Member>,
    /// What they were drawn with.
    pub seed: u64,
}

/// Members with everything that is drawn.
pub(super) struct Complete {
    /// The most probable one, with what is drawn at its mean.
    pub most_probable: Member,
    pub members: Vec<Member>,
    /// What was drawn beside what the fit looks for.
    pub words: Vec<String>,
}

/// Keeps these streams apart from those that the members themselves were drawn with.
const OWN: u64 = 0x6775_7977;

/// A muscle group whose length, where it is looked for, takes up the whole spread of the hip's extension: the spread between
/// people is one and the same measurement (`norm_mtt_ferber`) in both tables.
const EXTENDS: &str = "hip_flexors";

impl Members {
    /// So many bodies of a person whose tissue is as stated: what is not known of them is still to be drawn
    /// ([`Members::completed`]).
    pub fn as_stated(person: &Person, tissue: &Tissue, (seed, count): (u64, usize)) -> Self {
        let most_probable = Member { person: person.clone(), tissue: tissue.clone(), tolerance: 1.0 };
        Self { drawn: vec![most_probable.clone(); count], most_probable, seed }
    }

    /// All of them with what no test looked for drawn as well, where the case states `given`.
    ///
    /// # Errors
    /// When a table is not what it should be.
    pub fn completed(self, reference: &ReferenceBody, given: &Tissue) -> Result<Self, StudyError> {
        let Complete { most_probable, members, .. } = self.complete(reference, given)?;
        Ok(Self { most_probable, drawn: members, seed: self.seed })
    }

    /// The most probable member and all others with what the fit did not look for, and what that is in words.
    pub(super) fn complete(&self, reference: &ReferenceBody, given: &Tissue) -> Result<Complete, StudyError> {
        let incidence = reference.pelvic_incidence_deg()?;
        let inputs: Vec<Input> = inputs()?.into_iter().filter(|i| self.leaves_open(i.input, given)).collect();
        let with = |member: &Member, random: &mut dyn FnMut() -> f64| {
            let mut member = member.clone();
            inputs.iter().for_each(|input| self.draw(input, incidence, given, &mut member, random));
            member
        };
        let most_probable = with(&self.most_probable, &mut || 0.0);
        let members = self.drawn.iter().enumerate().map(|(m, member)| {
            let mut random = Random::new(self.seed ^ OWN, m as u64);
            with(member, &mut || random.normal())
        });
        let words = inputs.iter().map(|i| format!("{} (±{}; {})", i.label, spread(i), i.source));
        Ok(Complete { most_probable, members: members.collect(), words: words.collect() })
    }

    /// Whether an input is unsure here and none of the fit's own unknowns.
    fn leaves_open(&self, input: InputKind, given: &Tissue) -> bool {
        let here = &self.most_probable;
        let varies =
            |of: fn(&Person) -> Option<f64>| self.drawn.iter().any(|m| of(&m.person) != of(&here.person));
        let has = |property: Property| here.tissue.settings.iter().any(|s| s.property == property);
        match input {
            InputKind::MassKg => !varies(|p| Some(p.mass_kg)),
            InputKind::PelvicIncidenceDeg => {
                here.person.pelvic_incidence_deg.is_none() && !varies(|p| p.pelvic_incidence_deg)
            }
            InputKind::MeasuredPelvicIncidenceDeg => {
                here.person.pelvic_incidence_deg.is_some() && !varies(|p| p.pelvic_incidence_deg)
            }
            InputKind::NeutralLordosisDeg => !has(Property::NeutralLordosisDeg),
            InputKind::ExtensionRangeDeg => {
                let flexors = Target::Group(EXTENDS.to_owned());
                let looked_for = here
                    .tissue
                    .settings
                    .iter()
                    .any(|s| s.target == flexors && s.property == Property::Length);
                !has(Property::ExtensionRangeDeg) && !looked_for
            }
            InputKind::TissueSetting => given.settings.iter().any(|s| self.kept(s)),
        }
    }

    /// Whether a setting of the case stands as it is in every member: the fit does not look for it.
    fn kept(&self, setting: &Setting) -> bool {
        self.drawn.iter().all(|m| m.tissue.settings.contains(setting))
    }

    fn draw(
        &self,
        input: &Input,
        incidence: f64,
        given: &Tissue,
        member: &mut Member,
        random: &mut dyn FnMut() -> f64,
    ) {
        let person = &mut member.person;
        let shift =
            |target: Target, property: Property, value: f64| Setting { target, side: None, property, value };
        match input.input {
            InputKind::MassKg => person.mass_kg += input.sd * random(),
            InputKind::PelvicIncidenceDeg | InputKind::MeasuredPelvicIncidenceDeg => {
                let mean = person.pelvic_incidence_deg.unwrap_or(incidence);
                person.pelvic_incidence_deg = Some(mean + input.sd * random());
            }
            InputKind::NeutralLordosisDeg => {
                let by = input.sd * random();
                member.tissue.settings.push(shift(Target::Lumbar, Property::NeutralLordosisDeg, by));
            }
            InputKind::ExtensionRangeDeg => {
                let by = input.sd * random();
                member.tissue.settings.push(shift(Target::Hip, Property::ExtensionRangeDeg, by));
            }
            InputKind::TissueSetting => {
                for setting in member.tissue.settings.iter_mut().filter(|s| given.settings.contains(s)) {
                    if self.kept(setting) {
                        let off = setting.value - neutral(setting.property);
                        setting.value += input.sd * off * random();
                    }
                }
            }
        }
    }
}

fn spread(input: &Input) -> String {
    if input.unit == "deg" { format!("{}°", input.sd) } else { format!("{} {}", input.sd, input.unit) }
}
