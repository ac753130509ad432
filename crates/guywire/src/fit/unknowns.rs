//! What a fit looks for, and what is believed of it beforehand (`data/evidence/priors.toml`).
//!
//! An unknown is a positive factor, whose logarithm is taken as normal, or a number of degrees, which is normal itself: its
//! *latent* `u`. The search runs in standard scores `w` with prior `N(0, 1)`; the two sides of a person are alike by a
//! correlation `ρ`:
//!
//! ```text
//! u left = middle + σ w₁      u right = middle + σ (ρ w₁ + √(1 − ρ²) w₂)
//! ```
//!
//! The settings of a case's `[tissue]` are where beliefs are centred; those that no unknown speaks of are kept as they are.

use super::FitError;
use crate::case::{Person, Property, Setting, Target, Tissue, Vocabulary};
use crate::examination::Felt;
use crate::side::Side;
use crate::study::{InputKind, inputs};
use serde::Deserialize;

/// What an unknown is.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A factor of tissue, or a shift of a passive curve; the setting's value does not count.
    Tissue(Setting),
    /// Factor on how far the person lets an examiner go.
    Tolerance,
    /// Pelvic incidence, deg.
    PelvicIncidence,
    /// What the bony points ASIS and PSIS add to an inclinometer's reading of the pelvis, deg.
    Landmarks,
    /// What skin and flesh over the spine add to a reading of lordosis, deg.
    Skin,
}

/// One number that is looked for.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// What it is.
    pub what: What,
    /// Whether its latent is the logarithm of a factor.
    pub is_factor: bool,
    /// Its latent's mean before any test.
    pub middle: f64,
    /// Its latent by the standard scores: which, and how much of each.
    pub weights: Vec<(usize, f64)>,
    /// Weeks in which it forgets itself by a factor e; infinite for bones.
    pub weeks: f64,
}

/// What is known of somebody's pelvic incidence, deg.
#[derive(Clone, Copy, Debug)]
pub enum Incidence {
    /// Read off a radiograph.
    Measured(f64),
    /// That of the reference body.
    Usual(f64),
}

/// All unknowns of a person.
#[derive(Clone, Debug)]
pub struct Unknowns {
    /// In the order of the table, left before right; bones and the tolerance last.
    pub list: Vec<Unknown>,
    /// State of tissue that no unknown speaks of.
    kept: Tissue,
    told: f64,
}

/// Every unknown given a value.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Pelvic incidence, deg.
    pub incidence_deg: f64,
    /// The whole state of tissue.
    pub tissue: Tissue,
    /// Factor on the moments of examiners.
    pub tolerance: f64,
    /// See [`What::Landmarks`], deg.
    pub landmarks_deg: f64,
    /// See [`What::Skin`], deg.
    pub skin_deg: f64,
}

impl State {
    /// What a tool on skin or bony points adds to a reading for this person, deg.
    pub fn adds(&self, felt: Felt) -> f64 {
        match felt {
            Felt::Landmarks => self.landmarks_deg,
            Felt::Skin => self.skin_deg,
        }
    }

    /// A person with this pelvic incidence.
    pub fn person(&self, of: &Person) -> Person {
        Person { pelvic_incidence_deg: Some(self.incidence_deg), ..of.clone() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: u32,
    unknown: Vec<Row>,
    tolerance: Single,
    landmarks: Single,
    skin: Single,
    weeks: Weeks,
    told: Told,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    times: f64,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    target: String,
    property: String,
    #[serde(default = "one")]
    median: f64,
    /// That of the property's input in `normal_ranges.toml` where nothing is said.
    spread: Option<f64>,
    /// None for what has no sides.
    alike: Option<f64>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Single {
    spread: f64,
    #[serde(rename = "source")]
    _source: String,
}

/// How long tissue resembles itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weeks {
    length: f64,
    stiffness: f64,
    strength: f64,
    tone: f64,
    extension_range_deg: f64,
    tolerance: f64,
    #[serde(rename = "source")]
    _source: String,
}

const fn one() -> f64 {
    1.0
}

impl Weeks {
    const fn of(&self, property: Property) -> f64 {
        match property {
            Property::Length => self.length,
            Property::Stiffness => self.stiffness,
            Property::Strength => self.strength,
            Property::Tone => self.tone,
            Property::ExtensionRangeDeg => self.extension_range_deg,
            Property::NeutralLordosisDeg => f64::INFINITY,
        }
    }
}

impl Unknowns {
    /// Those of a person whose case says this of their tissue. Pelvic incidence (deg) is measured or, for want of that, usual.
    ///
    /// # Errors
    /// When a table is not what it should be.
    pub fn of(vocabulary: &Vocabulary, tissue: &Tissue, incidence: Incidence) -> Result<Self, FitError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/priors.toml"));
        let file: File = toml::from_str(text).map_err(|e| FitError::Priors(e.to_string()))?;
        let inputs = inputs().map_err(|e| FitError::Priors(e.to_string()))?;
        let spread_of = |kind: InputKind| {
            let found = inputs.iter().find(|input| input.input == kind).map(|input| input.sd);
            found.ok_or_else(|| FitError::Priors(format!("normal_ranges.toml has no input `{kind:?}`")))
        };
        let mut scores = 0..;
        let mut score = || scores.next().unwrap_or(usize::MAX);
        let mut list: Vec<Unknown> = Vec::new();
        for row in &file.unknown {
            let (target, property) = named(vocabulary, row)?;
            let spread = match (row.spread, property) {
                (Some(spread), _) => spread,
                (None, Property::ExtensionRangeDeg) => spread_of(InputKind::ExtensionRangeDeg)?,
                (None, Property::NeutralLordosisDeg) => spread_of(InputKind::NeutralLordosisDeg)?,
                (None, _) => {
                    let path = format!("{}.{}", row.target, row.property);
                    return Err(FitError::Priors(format!("`{path}` lacks its spread")));
                }
            };
            let is_factor = !matches!(property, Property::ExtensionRangeDeg | Property::NeutralLordosisDeg);
            let mut add = |side: Option<Side>, weights: Vec<(usize, f64)>| {
                let setting = Setting { target: target.clone(), side, property, value: 1.0 };
                let start = if is_factor { row.median } else { 0.0 };
                let told = tissue.settings.iter().filter(|told| speaks_of(&setting, told));
                let middle = told.fold(start, |sum, told| property.combine(sum, told.value));
                let middle = if is_factor { libm::log(middle) } else { middle };
                let (what, weeks) = (What::Tissue(setting), file.weeks.of(property));
                list.push(Unknown { what, is_factor, middle, weights, weeks });
            };
            let own = score();
            match row.alike {
                None => add(None, vec![(own, spread)]),
                Some(alike) => {
                    let apart = spread * libm::sqrt((1.0 - alike * alike).max(0.0));
                    add(Some(Side::Left), vec![(own, spread)]);
                    add(Some(Side::Right), vec![(own, spread * alike), (score(), apart)]);
                }
            }
        }
        let kept = tissue.settings.iter().filter(|told| {
            !list.iter().any(|u| matches!(&u.what, What::Tissue(setting) if speaks_of(setting, told)))
        });
        let kept = Tissue { settings: kept.cloned().collect(), ..tissue.clone() };
        let incidence = match incidence {
            Incidence::Measured(deg) => (deg, spread_of(InputKind::MeasuredPelvicIncidenceDeg)?),
            Incidence::Usual(deg) => (deg, spread_of(InputKind::PelvicIncidenceDeg)?),
        };
        for (what, is_factor, (middle, spread), weeks) in [
            (What::PelvicIncidence, false, incidence, f64::INFINITY),
            (What::Landmarks, false, (0.0, file.landmarks.spread), f64::INFINITY),
            (What::Skin, false, (0.0, file.skin.spread), f64::INFINITY),
            (What::Tolerance, true, (0.0, file.tolerance.spread), file.weeks.tolerance),
        ] {
            list.push(Unknown { what, is_factor, middle, weights: vec![(score(), spread)], weeks });
        }
        Ok(Self { list, kept, told: file.told.times })
    }

    /// How many there are, which is also how many standard scores.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Weeks in which each standard score forgets itself.
    pub fn weeks(&self) -> Vec<f64> {
        let mut weeks = vec![f64::INFINITY; self.len()];
        for unknown in &self.list {
            for &(score, _) in &unknown.weights {
                weeks[score] = unknown.weeks;
            }
        }
        weeks
    }

    /// How many times longer tissue resembles itself where it is told what was done.
    pub const fn told(&self) -> f64 {
        self.told
    }

    /// Every unknown's latent at standard scores.
    pub fn latents(&self, scores: &[f64]) -> Vec<f64> {
        let latent = |u: &Unknown| u.middle + u.weights.iter().map(|&(k, by)| by * scores[k]).sum::<f64>();
        self.list.iter().map(latent).collect()
    }

    /// The person with these latents.
    pub fn state(&self, latents: &[f64]) -> State {
        let mut state = State {
            incidence_deg: f64::NAN,
            tissue: self.kept.clone(),
            tolerance: 1.0,
            landmarks_deg: 0.0,
            skin_deg: 0.0,
        };
        for (unknown, &latent) in self.list.iter().zip(latents) {
            let value = unknown.value(latent);
            match &unknown.what {
                What::Tissue(setting) => state.tissue.settings.push(Setting { value, ..setting.clone() }),
                What::Tolerance => state.tolerance = value,
                What::PelvicIncidence => state.incidence_deg = value,
                What::Landmarks => state.landmarks_deg = value,
                What::Skin => state.skin_deg = value,
            }
        }
        state
    }

    /// Slopes by the standard scores from those by the latents.
    pub fn by_scores(&self, by_latents: &[f64]) -> Vec<f64> {
        let mut slopes = vec![0.0; self.len()];
        for (unknown, slope) in self.list.iter().zip(by_latents) {
            for &(k, by) in &unknown.weights {
                slopes[k] += slope * by;
            }
        }
        slopes
    }
}

/// The target and the property of a row.
fn named(vocabulary: &Vocabulary, row: &Row) -> Result<(Target, Property), FitError> {
    let target = match row.target.as_str() {
        "hip" => Target::Hip,
        "lumbar" => Target::Lumbar,
        group if vocabulary.groups.iter().any(|g| g == group) => Target::Group(group.to_owned()),
        muscle if vocabulary.muscles.iter().any(|m| m == muscle) => Target::Muscle(muscle.to_owned()),
        other => return Err(FitError::Priors(format!("the body has no `{other}`"))),
    };
    let property = target.properties().iter().find(|p| p.name() == row.property).copied();
    let property =
        property.ok_or_else(|| FitError::Priors(format!("`{}` has no `{}`", row.target, row.property)))?;
    Ok((target, property))
}

/// Whether a setting that a case tells is about what an unknown looks for.
fn speaks_of(unknown: &Setting, told: &Setting) -> bool {
    let side = told.side.is_none() || unknown.side.is_none() || told.side == unknown.side;
    told.target == unknown.target && told.property == unknown.property && side
}

impl Unknown {
    /// Name, as a setting of a case file is written.
    pub fn name(&self) -> String {
        match &self.what {
            What::Tissue(setting) => setting.path(),
            What::Tolerance => "tolerance".to_owned(),
            What::PelvicIncidence => "pelvic_incidence_deg".to_owned(),
            What::Landmarks => "asis_psis_deg".to_owned(),
            What::Skin => "skin_over_spine_deg".to_owned(),
        }
    }

    /// Its value from its latent.
    pub fn value(&self, latent: f64) -> f64 {
        if self.is_factor { libm::exp(latent) } else { latent }
    }

    /// Standard deviation of its latent before any test.
    pub fn spread(&self) -> f64 {
        libm::sqrt(self.weights.iter().map(|(_, by)| by * by).sum())
    }

    /// Whether it is a property of muscles, to which readings answer through their tensions alone.
    pub fn is_of_muscles(&self) -> bool {
        matches!(&self.what, What::Tissue(s) if matches!(s.target, Target::Group(_) | Target::Muscle(_)))
    }
}
