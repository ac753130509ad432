//! Everything that following the person of a case needs.

use super::{Asked, ForecastError, Ground, TestOn};
use crate::adaptation::KnownRates;
use crate::body::ReferenceBody;
use crate::case::{Case, TestVocabulary};
use crate::examination::Protocols;
use crate::posture::{Positions, PostureError};
use crate::side::Side;
use crate::study::Members;
use crate::week::{Activities, Schedule};

/// Tests that are followed where no visit has one: those by which the two groups are judged whose tightness the founding story
/// is about.
const USUAL: [&str; 2] = ["thomas_hip_extension", "straight_leg_raise"];

/// Owns what a [`Followed`](super::Followed) borrows.
pub struct Material<'r> {
    reference: &'r ReferenceBody,
    positions: Positions,
    protocols: Protocols,
    rates: KnownRates,
    tests: Vec<TestVocabulary>,
    members: Members,
    week: Schedule,
    /// Test, protocol and side of what is followed.
    followed: Vec<(String, Option<String>, Option<Side>)>,
}

impl<'r> Material<'r> {
    /// Of a case whose body is one of `members`. Tests whose names begin as one of `more` are followed too. Each is done as
    /// it was read last, on the other side where it never was on its own.
    ///
    /// # Errors
    /// When a table is not what it should be, or the week has an activity that there is not.
    pub fn of(
        reference: &'r ReferenceBody,
        case: &Case,
        members: Members,
        more: &[String],
    ) -> Result<Self, ForecastError> {
        let tests = TestVocabulary::all().map_err(|e| ForecastError::Table(e.to_string()))?;
        let protocols = Protocols::read()?;
        let mut followed: Vec<(String, Option<String>, Option<Side>)> = Vec::new();
        let mut follow = |name: &str, protocol: Option<&str>, side: Option<Side>| {
            if !followed.iter().any(|(known, _, of)| known == name && *of == side) {
                followed.push((name.to_owned(), protocol.map(str::to_owned), side));
            }
        };
        // A posture is followed itself, and staying power is no tissue.
        let can = |name: &str, protocol: Option<&str>| {
            protocols.get(name, protocol).is_ok_and(|p| p.posture().is_none() && p.answers_to_tissue())
        };
        let readings = || case.visits.iter().flat_map(|visit| &visit.readings).rev();
        let read = |name: &str, side: Option<Side>| {
            let own = readings().find(|r| r.test == name && r.side == side);
            own.or_else(|| readings().find(|r| r.test == name)).and_then(|r| r.protocol.as_deref())
        };
        for asked in more {
            let (stem, side) = match asked.rsplit_once('.') {
                Some((stem, "left")) => (stem, Some(Side::Left)),
                Some((stem, "right")) => (stem, Some(Side::Right)),
                _ => (asked.as_str(), None),
            };
            let begins = |t: &&TestVocabulary| t.name.starts_with(stem) && t.sides == side.is_some();
            if let Some(test) = tests.iter().filter(begins).find(|t| can(&t.name, read(&t.name, side))) {
                follow(&test.name, read(&test.name, side), side);
            }
        }
        for reading in case.visits.iter().flat_map(|visit| &visit.readings) {
            let protocol = read(&reading.test, reading.side);
            let Some(test) = tests.iter().find(|t| t.name == reading.test) else { continue };
            if can(&test.name, protocol) {
                follow(&test.name, protocol, reading.side);
            }
        }
        if followed.is_empty() {
            let usual =
                USUAL.iter().flat_map(|name| Side::BOTH.map(|side| ((*name).to_owned(), None, Some(side))));
            followed.extend(usual);
        }
        let positions = Positions::read().map_err(PostureError::from)?;
        let week = Schedule::of(&case.week, &Activities::read()?)?;
        let rates = KnownRates::read()?;
        Ok(Self { reference, positions, protocols, rates, tests, members, week, followed })
    }

    /// The same with what is known of this person's own rates.
    #[must_use]
    pub fn with_rates(self, rates: KnownRates) -> Self {
        Self { rates, ..self }
    }

    /// What a forecast works with.
    pub fn ground(&self) -> Ground<'_> {
        let Self { reference, positions, protocols, rates, .. } = self;
        Ground { reference, positions, protocols, rates }
    }

    /// The tests that are followed.
    ///
    /// # Errors
    /// When one has no protocol of its name.
    pub fn tests(&self) -> Result<Vec<TestOn<'_>>, ForecastError> {
        let of = |(name, protocol, side): &(String, Option<String>, Option<Side>)| {
            let protocol = self.protocols.get(name, protocol.as_deref())?;
            let test = self.tests.iter().find(|t| t.name == *name);
            let test = test.ok_or_else(|| ForecastError::Table(format!("there is no test `{name}`")))?;
            Ok(TestOn { test, protocol, side: *side })
        };
        self.followed.iter().map(of).collect()
    }

    /// Who is followed.
    pub fn asked<'a>(&'a self, tests: &'a [TestOn<'a>]) -> Asked<'a> {
        Asked {
            most_probable: &self.members.most_probable,
            members: &self.members.drawn,
            seed: self.members.seed,
            week: &self.week,
            tests,
        }
    }

    /// The person's week.
    pub fn week(&self) -> &Schedule {
        &self.week
    }
}
