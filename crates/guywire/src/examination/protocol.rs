//! How each clinical test is done on the body (`data/examination.toml`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// A way of doing a test.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// The test's name, as in `data/tests.toml`.
    pub test: String,
    /// Names of this way of doing it.
    pub names: Vec<String>,
    /// What is done, in one sentence.
    pub title: String,
    /// Where the protocol and its figures come from.
    pub source: String,
    method: MethodName,
    #[serde(default)]
    pub(super) at: BTreeMap<String, f64>,
    #[serde(default)]
    pub(super) free: Vec<String>,
    #[serde(default)]
    pub(super) carried: bool,
    pub(super) hand: Option<HandEntry>,
    #[serde(default)]
    pub(super) thighs_upright: bool,
    #[serde(default)]
    pub(super) laid_straight: bool,
    position: Option<String>,
    read: Option<Read>,
    /// Deg that the tool on skin and bony points reads beyond the angle of the model's own bones.
    #[serde(default)]
    pub(super) plus: f64,
    effort: Option<String>,
    sense: Option<f64>,
    reached: Option<Reached>,
    holding: Option<Holding>,
}

/// How long a moment is held: `seconds · share^−power`, with its share of the greatest one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holding {
    /// Of the whole moment, s.
    pub seconds: f64,
    pub power: f64,
    // Where it comes from: read by people.
    #[serde(rename = "source")]
    _source: String,
}

/// How much of full activation people reach when they push in one plane as hard as they can.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reached {
    share: f64,
    // Where it comes from: read by people.
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MethodName {
    Relaxed,
    Posture,
    Strength,
    Endurance,
}

/// What is done with the body.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method<'p> {
    /// Relaxed in somebody's hands.
    Relaxed(Read),
    /// A position of `data/positions.toml` that the person keeps by themselves.
    Posture { position: &'p str, read: Read },
    /// As much as the person can against something that does not give way: helping muscles reach this share of full
    /// activation.
    Strength { degree: &'p str, sense: f64, reached: f64 },
    /// Held against gravity until nothing is left.
    Endurance { degree: &'p str, sense: f64, reached: f64, holding: &'p Holding },
}

/// What an examiner's hand gives at the end of a test.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandEntry {
    pub degree: String,
    /// N·m, positive along the degree of freedom.
    pub moment_nm: f64,
    /// Flesh that it meets.
    pub stop: Option<StopEntry>,
    /// Where the moment comes from: read by people.
    #[serde(rename = "source")]
    _source: String,
}

/// Flesh that meets flesh at the end of a range.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopEntry {
    /// Where it begins.
    pub at_deg: f64,
    /// Its moment ten degrees further; it grows with the square.
    pub nm_at_10_deg: f64,
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Read {
    /// Deg.
    ThighAboveHorizontal,
    /// Deg.
    ThighBelowHorizontal,
    /// Deg; 0 is straight.
    KneeFlexion,
    /// Deg from the middle.
    HipAbduction,
    /// Deg from the middle.
    HipInternalRotation,
    /// Deg from the middle.
    HipExternalRotation,
    /// Deg from the right angle.
    Dorsiflexion,
    /// Cm, negative where the fingers would go through the floor.
    FingertipsAboveFloor,
    /// Deg, ASIS lower than PSIS is positive.
    PelvicTilt,
    /// Deg.
    LumbarLordosis,
    /// Mm by which the tested leg stands shorter; 0 where it is the longer one.
    LegLengthDifference,
    /// Mm by which the left inner ankle lies nearer to the head along the body's axis.
    LeftAnkleHigher,
    /// Cm from the ASIS.
    SpineToInnerAnkle,
    /// Cm from the ASIS.
    SpineToOuterAnkle,
}

/// In what people differ under an examiner's tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Felt {
    /// How ASIS and PSIS lie on the pelvis.
    Landmarks,
    /// Skin and flesh over the spine.
    Skin,
}

impl Protocol {
    /// Whether a fit can use the reading; not where the lengths of the legs' bones decide it, in which bodies do not differ.
    pub fn tells_of_tissue(&self) -> bool {
        self.decided_by().is_none()
    }

    /// Whether the reading moves with tissue, be it by less than it errs.
    pub fn answers_to_tissue(&self) -> bool {
        self.tells_of_tissue() || self.read == Some(Read::LeftAnkleHigher)
    }

    /// What else decides it, in words, if something does.
    pub fn decided_by(&self) -> Option<&'static str> {
        let of_bones =
            [Read::SpineToInnerAnkle, Read::SpineToOuterAnkle, Read::LegLengthDifference].map(Some);
        match self.method {
            MethodName::Endurance => Some("staying power"),
            _ if of_bones.contains(&self.read) => Some("the length of the legs' bones"),
            // What tissue does to it in the model is a few millimetres, far below its published error.
            _ if self.read == Some(Read::LeftAnkleHigher) => Some("how straight somebody is laid"),
            MethodName::Posture | MethodName::Relaxed | MethodName::Strength => None,
        }
    }

    /// The position that the person keeps by themselves, if that is what is read.
    pub fn posture(&self) -> Option<&str> {
        self.position.as_deref().filter(|_| self.method == MethodName::Posture)
    }

    /// What a tool that lies on skin and bony points feels beside the bones' own angle.
    pub fn felt(&self) -> Option<Felt> {
        match self.read {
            Some(Read::PelvicTilt) => Some(Felt::Landmarks),
            Some(Read::LumbarLordosis) => Some(Felt::Skin),
            _ => None,
        }
    }

    /// What is done; none where the table leaves something out.
    pub(super) fn method(&self) -> Option<Method<'_>> {
        let effort = || Some((self.effort.as_deref()?, self.sense?));
        let reached = self.reached.as_ref().map_or(1.0, |r| r.share);
        Some(match self.method {
            MethodName::Relaxed => Method::Relaxed(self.read?),
            MethodName::Posture => Method::Posture { position: self.position.as_deref()?, read: self.read? },
            MethodName::Strength => {
                let (degree, sense) = effort()?;
                Method::Strength { degree, sense, reached }
            }
            MethodName::Endurance => {
                let (degree, sense) = effort()?;
                Method::Endurance { degree, sense, reached, holding: self.holding.as_ref()? }
            }
        })
    }
}

/// All of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocols {
    protocol: Vec<Protocol>,
}

impl Protocols {
    /// The protocols built into the program.
    ///
    /// # Errors
    /// When the table is not what it should be.
    pub fn read() -> Result<Self, super::ExaminationError> {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/examination.toml"));
        let wrong = |what: String| super::ExaminationError::File(what);
        let all: Self = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        match all.protocol.iter().find(|p| p.method().is_none()) {
            Some(p) => Err(wrong(format!("`{}`, `{}` leaves something out", p.test, p.names.join(", ")))),
            None => Ok(all),
        }
    }

    /// Every protocol, in the order of the table.
    pub fn all(&self) -> &[Protocol] {
        &self.protocol
    }

    /// How a test is done; without a name the first way of doing it.
    ///
    /// # Errors
    /// When there is no such test, or no such protocol of it.
    pub fn get(&self, test: &str, name: Option<&str>) -> Result<&Protocol, super::ExaminationError> {
        let mut of_test = self.protocol.iter().filter(|p| p.test == test).peekable();
        if of_test.peek().is_none() {
            return Err(super::ExaminationError::UnknownTest { name: test.to_owned() });
        }
        let ways: Vec<&Protocol> = of_test.collect();
        let found = ways.iter().find(|p| name.is_none_or(|name| p.names.iter().any(|n| n == name)));
        found.copied().ok_or_else(|| super::ExaminationError::UnknownProtocol {
            test: test.to_owned(),
            name: name.unwrap_or_default().to_owned(),
            known: ways.iter().flat_map(|p| p.names.clone()).collect(),
        })
    }
}
