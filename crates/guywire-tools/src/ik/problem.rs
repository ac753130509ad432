//! The problem that a frame poses, for judging poses that come from elsewhere.

use super::{IkError, IkSettings, frames};
use crate::tasks::Follower;
use guywire_engine::markers::Frame;
use guywire_math::Vec3;
use guywire_osim::Description;
use guywire_osim::build::Built;
use guywire_osim::table::{MarkerTable, Table};

/// The frames of a marker file as problems.
#[derive(Debug)]
pub struct Problem<'m> {
    built: &'m Built,
    markers: &'m MarkerTable,
    first: usize,
    follower: Follower<'m>,
    observed: Vec<Option<Vec3<f64>>>,
    wanted: Vec<f64>,
}

impl<'m> Problem<'m> {
    /// The problems that [`super::run`] solves for the same arguments.
    ///
    /// # Errors
    /// As [`super::run`].
    pub fn new(
        description: &Description,
        built: &'m Built,
        markers: &'m MarkerTable,
        coordinates: Option<&Table>,
        settings: &IkSettings,
    ) -> Result<Self, IkError> {
        let first = frames(markers, settings.time_range)?.start;
        let follower = Follower::new(description, built, &settings.tasks, &markers.names, coordinates)?;
        Ok(Self { built, markers, first, follower, observed: Vec::new(), wanted: Vec::new() })
    }

    fn look(&mut self, frame: usize) -> f64 {
        let row = self.markers.frame(self.first + frame);
        let seen = self.follower.columns.iter().map(|&c| row.get(c).copied().flatten());
        self.observed.clear();
        self.observed.extend(seen);
        self.follower.wanted(self.markers.time[self.first + frame], &mut self.wanted);
        let weights = self.follower.fit.markers().iter().zip(&self.observed);
        weights.filter(|(_, seen)| seen.is_some()).map(|(marker, _)| marker.weight).sum()
    }

    /// Values of the degrees of freedom among those of all coordinates.
    fn degrees(&self, coordinates: &[f64]) -> Vec<f64> {
        let model = &self.built.reduced;
        (0..model.dof()).map(|i| coordinates[model.coordinate_of_degree(i)]).collect()
    }

    /// Weighted squared errors of markers (m²) and coordinate targets at a pose (all coordinates, rad or m) of a
    /// frame, the targets weighted as OpenSim's sum does; NaN when the pose is not one.
    pub fn weighted_error(&mut self, frame: usize, coordinates: &[f64]) -> f64 {
        let weight = self.look(frame);
        let q = self.degrees(coordinates);
        let time = self.markers.time[self.first + frame];
        let frame = Frame { time, observed: &self.observed, targets: &self.wanted };
        self.follower.fit.cost(&frame, &q).map_or(f64::NAN, |cost| 2.0 * weight * cost)
    }

    /// How far every coordinate can be from the optimum at a pose near it whose [`Problem::weighted_error`] is
    /// `excess` above the least, rad or m; infinite for coordinates that are locked or follow others. See [`guywire_engine::markers::MarkerFit::uncertainty`].
    pub fn uncertainty(&mut self, frame: usize, coordinates: &[f64], excess: f64) -> Vec<f64> {
        let weight = self.look(frame);
        let q = self.degrees(coordinates);
        let time = self.markers.time[self.first + frame];
        let frame = Frame { time, observed: &self.observed, targets: &self.wanted };
        let open = self.follower.fit.uncertainty(&frame, &q, f64::max(excess, 0.0) / (2.0 * weight));
        let mut out = vec![f64::INFINITY; coordinates.len()];
        for (i, open) in open.into_iter().flatten().enumerate() {
            out[self.built.reduced.coordinate_of_degree(i)] = open;
        }
        out
    }
}
