//! What a row of the validation asks of the model: the vocabulary of `predict`.
//!
//! `name(key=value,key=value)`; the meanings stand at the head of `data/evidence/validation.toml`.

use super::course::Course;
use super::population::Wanted;
use super::stretch::{After, Stretch};
use crate::case::{Property, Setting, Target};
use crate::results::{Measures, Side};
use crate::study::MEASURES;
use std::collections::BTreeMap;

/// A field of the measures.
pub(super) type Field = fn(&Measures) -> f64;

/// A question to the model.
#[derive(Clone, Debug)]
pub(super) enum Prediction {
    PassiveHipMoment {
        hip_deg: f64,
        knee_deg: f64,
    },
    PassiveKneeMoment {
        hip_deg: f64,
        knee_deg: f64,
    },
    Measure {
        position: String,
        field: Field,
    },
    Difference {
        position: String,
        from: String,
        field: Field,
    },
    Pressure {
        position: String,
    },
    PressureRatio {
        position: String,
    },
    Compression {
        position: String,
        level: String,
    },
    CompressionRatio {
        position: String,
        from: String,
        level: String,
    },
    RiseShare {
        from: String,
        at: String,
        to: String,
        level: String,
    },
    HipForceBw {
        position: String,
        side: Side,
    },
    /// The greatest in an activity of a week.
    PeakHipForceBw {
        activity: String,
    },
    LumbarShare {
        from: String,
        to: String,
    },
    Silence {
        group: Members,
        field: Field,
    },
    GroupActivation {
        group: Members,
        position: String,
    },
    /// A change of one setting against reference tissue, the same on both sides.
    TissueEffect {
        change: Setting,
        position: String,
        field: Field,
    },
    StrengthShare {
        group: Members,
        of: Members,
        level: String,
        position: String,
    },
    StrengthCompression {
        group: Members,
        level: String,
        position: String,
    },
    /// A stretching programme, and what came of it.
    Lengthening {
        stretch: Stretch,
        after: After,
    },
    /// A programme of weeks, and what came of it.
    Course(Box<Course>),
    /// What is answered already.
    Known(Result<f64, String>),
    /// Mean of a clinical test's readings on the right sides of a population.
    MeanReading {
        test: String,
    },
    /// Their standard deviation.
    SpreadOfReading {
        test: String,
    },
    /// Mean of a measure of a population.
    MeanOfMeasure {
        position: String,
        field: Field,
    },
    /// Its standard deviation.
    SpreadOfMeasure {
        position: String,
        field: Field,
    },
}

/// The anatomical muscles of a group.
pub(super) type Members = Vec<String>;

/// The names that a question may use.
pub(super) struct Vocabulary {
    /// Positions.
    pub positions: Vec<String>,
    /// Tissue groups and single muscles, with their members.
    pub groups: BTreeMap<String, Members>,
    /// Levels, such as `L4/L5`.
    pub levels: Vec<String>,
    /// Clinical tests that end at rest or in a greatest effort.
    pub tests: Vec<String>,
}

/// The arguments of a question; what was not asked for is refused at the end.
pub(super) struct Arguments<'a> {
    vocabulary: &'a Vocabulary,
    left: BTreeMap<&'a str, &'a str>,
}

impl<'a> Arguments<'a> {
    pub(super) fn text(&mut self, key: &'static str) -> Result<&'a str, String> {
        self.left.remove(key).ok_or_else(|| format!("`{key}` is missing"))
    }

    /// Whether something is said that need not be.
    pub(super) fn has(&self, key: &str) -> bool {
        self.left.contains_key(key)
    }

    pub(super) fn number(&mut self, key: &'static str) -> Result<f64, String> {
        let text = self.text(key)?;
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        number.ok_or_else(|| format!("`{key}` is `{text}`, not a number"))
    }

    fn position(&mut self, key: &'static str) -> Result<String, String> {
        let name = self.text(key)?;
        let known = self.vocabulary.positions.iter().any(|p| p == name);
        known.then(|| name.to_owned()).ok_or_else(|| format!("there is no position `{name}`"))
    }

    fn level(&mut self) -> Result<String, String> {
        let name = self.text("level")?;
        let known = self.vocabulary.levels.iter().any(|l| l == name);
        known.then(|| name.to_owned()).ok_or_else(|| format!("there is no level `{name}`"))
    }

    fn field(&mut self) -> Result<Field, String> {
        let name = self.text("field")?;
        let field = MEASURES.iter().find(|m| m.name == name);
        field.map(|m| m.of).ok_or_else(|| format!("there is no measure `{name}`"))
    }

    pub(super) fn group(&mut self, key: &'static str) -> Result<Members, String> {
        let name = self.text(key)?;
        let members = self.vocabulary.groups.get(name);
        members.cloned().ok_or_else(|| format!("there is no group or muscle `{name}`"))
    }

    fn group_name(&mut self) -> Result<String, String> {
        let name = self.text("group")?;
        let known = self.vocabulary.groups.contains_key(name);
        known.then(|| name.to_owned()).ok_or_else(|| format!("there is no group or muscle `{name}`"))
    }

    fn stretch(&mut self) -> Result<Stretch, String> {
        Ok(Stretch { group: self.group_name()?, test: self.named_test("test")?, gain: self.number("gain")? })
    }

    pub(super) fn named_test(&mut self, key: &'static str) -> Result<String, String> {
        let name = self.text(key)?;
        let known = self.vocabulary.tests.iter().any(|t| t == name);
        known.then(|| name.to_owned()).ok_or_else(|| format!("there is no test `{name}`"))
    }

    fn side(&mut self) -> Result<Side, String> {
        let name = self.text("side")?;
        let side = Side::BOTH.into_iter().find(|s| s.name() == name);
        side.ok_or_else(|| format!("`{name}` is no side"))
    }
}

impl Prediction {
    /// Reads a question.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, String> {
        let (name, rest) = text.split_once('(').ok_or("expected `name(key=value,…)`")?;
        let inner = rest.strip_suffix(')').ok_or("the closing bracket is missing")?;
        let mut left = BTreeMap::new();
        for part in inner.split(',') {
            let (key, value) =
                part.split_once('=').ok_or_else(|| format!("expected `key=value`, not `{part}`"))?;
            if left.insert(key.trim(), value.trim()).is_some() {
                return Err(format!("`{}` is given twice", key.trim()));
            }
        }
        let mut a = Arguments { vocabulary, left };
        let prediction = match name.trim() {
            "passive_hip_moment" => Prediction::PassiveHipMoment {
                hip_deg: a.number("hip_deg")?,
                knee_deg: a.number("knee_deg")?,
            },
            "passive_knee_moment" => Prediction::PassiveKneeMoment {
                hip_deg: a.number("hip_deg")?,
                knee_deg: a.number("knee_deg")?,
            },
            "measure" => Prediction::Measure { position: a.position("position")?, field: a.field()? },
            "difference" => Prediction::Difference {
                position: a.position("position")?,
                from: a.position("from")?,
                field: a.field()?,
            },
            "pressure" => Prediction::Pressure { position: a.position("position")? },
            "pressure_ratio" => Prediction::PressureRatio { position: a.position("position")? },
            "compression" => Prediction::Compression { position: a.position("position")?, level: a.level()? },
            "compression_ratio" => Prediction::CompressionRatio {
                position: a.position("position")?,
                from: a.position("from")?,
                level: a.level()?,
            },
            "rise_share" => Prediction::RiseShare {
                from: a.position("from")?,
                at: a.position("at")?,
                to: a.position("to")?,
                level: a.level()?,
            },
            "hip_force_bw" => Prediction::HipForceBw { position: a.position("position")?, side: a.side()? },
            "peak_hip_force_bw" => Prediction::PeakHipForceBw { activity: a.text("activity")?.to_owned() },
            "lumbar_share" => Prediction::LumbarShare { from: a.position("from")?, to: a.position("to")? },
            "silence" => Prediction::Silence { group: a.group("group")?, field: a.field()? },
            "group_activation" => {
                Prediction::GroupActivation { group: a.group("group")?, position: a.position("position")? }
            }
            "stretch_effect" => {
                let change = both(Target::Hip, Property::ExtensionRangeDeg, a.number("hip_extension_deg")?);
                Prediction::TissueEffect { change, position: a.position("position")?, field: a.field()? }
            }
            "shortening_effect" => {
                let group = Target::Group(a.group_name()?);
                let change = both(group, Property::Length, a.number("length")?);
                Prediction::TissueEffect { change, position: a.position("position")?, field: a.field()? }
            }
            "strength_share" => Prediction::StrengthShare {
                group: a.group("group")?,
                of: a.group("of")?,
                level: a.level()?,
                position: a.position("position")?,
            },
            "strength_compression" => Prediction::StrengthCompression {
                group: a.group("group")?,
                level: a.level()?,
                position: a.position("position")?,
            },
            "lengthening_effect" => {
                let after = After::Measure { position: a.position("position")?, field: a.field()? };
                Prediction::Lengthening { stretch: a.stretch()?, after }
            }
            "lengthening_reading" => {
                let after = After::Reading { test: a.named_test("read")? };
                Prediction::Lengthening { stretch: a.stretch()?, after }
            }
            "course" => Prediction::Course(Box::new(a.course()?)),
            "mean_reading" => Prediction::MeanReading { test: a.named_test("test")? },
            "mean_of_measure" => {
                Prediction::MeanOfMeasure { position: a.position("position")?, field: a.field()? }
            }
            "spread_of_measure" => {
                Prediction::SpreadOfMeasure { position: a.position("position")?, field: a.field()? }
            }
            "spread_of_reading" => Prediction::SpreadOfReading { test: a.named_test("test")? },
            name => return Err(format!("there is no prediction `{name}`")),
        };
        match a.left.keys().next() {
            Some(key) => Err(format!("`{}` has no `{key}`", name.trim())),
            None => Ok(prediction),
        }
    }
}

impl Prediction {
    /// Adds what it wants of a population.
    pub fn asks<'q>(&'q self, wanted: &mut Wanted<'q>) {
        match self {
            Prediction::MeanReading { test } | Prediction::SpreadOfReading { test } => {
                wanted.tests.insert(test);
            }
            Prediction::MeanOfMeasure { position, .. } | Prediction::SpreadOfMeasure { position, .. } => {
                wanted.positions.insert(position);
            }
            _ => {}
        }
    }
}

fn both(target: Target, property: Property, value: f64) -> Setting {
    Setting { target, side: None, property, value }
}

#[cfg(test)]
impl Vocabulary {
    /// A few names.
    pub fn for_tests() -> Self {
        Self {
            positions: vec!["standing".into(), "bend_30".into()],
            groups: [("hamstrings".to_owned(), vec!["semitendinosus".to_owned()])].into(),
            levels: vec!["L4/L5".into()],
            tests: vec!["ely".into()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Prediction::parse(text, &Vocabulary::for_tests()).err().unwrap_or_default()
    }

    #[test]
    fn questions_are_read() {
        let read = Prediction::parse("compression(position=standing, level=L4/L5)", &Vocabulary::for_tests());
        assert!(
            matches!(read, Ok(Prediction::Compression { position, level }) if position == "standing" && level == "L4/L5")
        );
        let read = Prediction::parse(
            "shortening_effect(group=hamstrings,length=0.9,position=standing,field=pelvic_tilt_deg)",
            &Vocabulary::for_tests(),
        );
        let Ok(Prediction::TissueEffect { change, .. }) = read else { panic!("{read:?}") };
        assert_eq!(change.to_string(), "hamstrings.length = 0.9");
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(error("pressure(position=sitting)"), "there is no position `sitting`");
        assert_eq!(error("pressure(level=L4/L5)"), "`position` is missing");
        assert_eq!(error("pressure(position=standing,level=L4/L5)"), "`pressure` has no `level`");
        assert_eq!(error("measure(position=standing,field=tilt)"), "there is no measure `tilt`");
        assert_eq!(error("passive_hip_moment(hip_deg=x,knee_deg=0)"), "`hip_deg` is `x`, not a number");
        assert_eq!(error("mean_reading(test=thomas)"), "there is no test `thomas`");
        assert_eq!(error("pressure"), "expected `name(key=value,…)`");
        assert_eq!(error("pressure(position=standing"), "the closing bracket is missing");
    }
}
