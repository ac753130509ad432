//! What a force is at a moment, in the numbers that OpenSim's reporters record.
//!
//! | law | numbers |
//! | --- | --- |
//! | along a coordinate | force (N or N·m); a stop also its potential energy (J) |
//! | bushing | force (N) and moment (N·m) on either frame, in ground |
//! | along a path | tension (N); Blankevoort's ligament: elastic, damping and whole tension, length (m), speed, strain, its rate |
//! | springs between points | force on either body (N) and the point (m), in ground |
//! | ideal actuators | actuation (N or N·m) |
//! | prescribed | force in ground, point in the frame, moment in ground; what there is |
//! | contact | force and moment on the body of every surface, in ground |
//!
//! Moments are about the origin of the body; of bushings by functions or formulas about that of the frame, as OpenSim
//! has them.

use super::bushing::BushingLaw;
use super::point::{PointLaw, at_time};
use super::{Applied, CoordinateLaw, CoordinateLimit, Force, ForceLaw, Moment, PathLaw, Point, Site};
use guywire_math::{Vec3, Wrench};

impl CoordinateLimit {
    /// Potential energy at value `q`, J: the integral of the elastic force from the limit.
    pub fn energy(&self, q: f64) -> f64 {
        let (past, stiffness) = if q > self.upper_limit {
            (q - self.upper_limit, self.upper_stiffness)
        } else if q < self.lower_limit {
            (self.lower_limit - q, self.lower_stiffness)
        } else {
            return 0.0;
        };
        let over = self.transition;
        if past >= over {
            // What the smooth start leaves out of k x²/2 is k over²/7.
            return stiffness * (0.5 * past * past - over * over / 7.0);
        }
        let x = past / over;
        stiffness * past * past * x * x * x * (2.0 - 2.5 * x + 6.0 / 7.0 * x * x)
    }
}

impl Force {
    /// Appends the numbers at a moment, in ground axes; `alone` is memory.
    pub fn record(&self, moment: &Moment<'_, f64>, alone: &mut Applied<f64>, out: &mut Vec<f64>) {
        alone.clear();
        self.apply(moment, alone);
        match &self.law {
            ForceLaw::Coordinate { coordinate, law } => {
                out.push(alone.coordinates[*coordinate]);
                if let CoordinateLaw::Limit(limit) = law {
                    out.push(limit.energy(moment.coordinates[*coordinate]));
                }
            }
            ForceLaw::Bushing(bushing) => {
                let whole = matches!(bushing.law, BushingLaw::Linear(_));
                // On one body both would cancel: what each frame carries is taken from the law itself.
                let on_second = bushing.wrench(moment);
                for (site, wrench) in [(&bushing.first, -on_second), (&bushing.second, on_second)] {
                    let frame = moment.bodies[site.body] * site.offset;
                    let about = if whole { moment.bodies[site.body].position } else { frame.position };
                    push(wrench, about, out);
                }
            }
            ForceLaw::Path { path, law } => {
                let (length, speed) = (moment.path_lengths[*path], moment.path_speeds[*path]);
                let tension = alone.tensions[*path];
                match law {
                    PathLaw::Blankevoort { slack_length, .. } => {
                        let elastic = law.tension(length, 0.0, moment);
                        out.extend([elastic, tension - elastic, tension, length, speed]);
                        out.extend([length / slack_length - 1.0, speed / slack_length]);
                    }
                    _ => out.push(tension),
                }
            }
            ForceLaw::Point(law) => record_at_points(law, moment, alone, out),
            ForceLaw::HuntCrossley(contact) => {
                contact.surfaces.iter().for_each(|s| on_body(s.site.body, moment, alone, out));
            }
            ForceLaw::SmoothSphereHalfSpace(contact) => {
                on_body(contact.sphere.body, moment, alone, out);
                on_body(contact.half_space.body, moment, alone, out);
            }
            ForceLaw::ElasticFoundation(contact) => {
                contact.surfaces.iter().for_each(|s| on_body(s.site.body, moment, alone, out));
            }
        }
    }

    /// What an ideal actuator makes, N or N·m; none for what has no control, or six.
    pub fn actuation(&self, moment: &Moment<'_, f64>) -> Option<f64> {
        match &self.law {
            ForceLaw::Coordinate { coordinate: i, law } if !law.is_passive() => {
                Some(law.at(moment.coordinates[*i], moment.speeds[*i], moment))
            }
            ForceLaw::Path { path, law } if !law.is_passive() => {
                Some(law.tension(moment.path_lengths[*path], moment.path_speeds[*path], moment))
            }
            ForceLaw::Point(law) => law.actuation(moment),
            _ => None,
        }
    }

    /// Speed of what an actuator drives, m/s or rad/s: of its coordinate, of its path (lengthening), of its points or
    /// bodies along its line; of a `PointActuator` the point's speed in ground whatever its direction, as in OpenSim.
    pub fn actuator_speed(&self, moment: &Moment<'_, f64>) -> Option<f64> {
        match &self.law {
            ForceLaw::Coordinate { coordinate, law } if !law.is_passive() => Some(moment.speeds[*coordinate]),
            ForceLaw::Path { path, law } if !law.is_passive() => Some(moment.path_speeds[*path]),
            ForceLaw::Point(law) => law.actuator_speed(moment),
            _ => None,
        }
    }

    /// Power that an actuator gives to the model, W.
    pub fn actuator_power(&self, moment: &Moment<'_, f64>) -> Option<f64> {
        let power = self.actuation(moment)? * self.actuator_speed(moment)?;
        // Tension shortens, and a path's speed is that of lengthening.
        Some(if matches!(self.law, ForceLaw::Path { .. }) { -power } else { power })
    }
}

fn push(wrench: Wrench<f64>, about: Vec3<f64>, out: &mut Vec<f64>) {
    out.extend(wrench.force.to_array());
    out.extend((wrench.moment - about.cross(wrench.force)).to_array());
}

fn on_body(body: usize, moment: &Moment<'_, f64>, alone: &Applied<f64>, out: &mut Vec<f64>) {
    push(alone.bodies[body], moment.bodies[body].position, out);
}

fn record_at_points(law: &PointLaw, moment: &Moment<'_, f64>, alone: &Applied<f64>, out: &mut Vec<f64>) {
    match law {
        PointLaw::Spring { ends, .. } | PointLaw::Formula { ends, .. } => {
            for Point { body, position } in ends {
                out.extend(alone.bodies[*body].force.to_array());
                out.extend(moment.bodies[*body].point(*position).to_array());
            }
        }
        PointLaw::Prescribed(prescribed) => {
            let Site { body, offset } = prescribed.site;
            let frame = moment.bodies[body] * offset;
            let vector = |v: Vec3<f64>| if prescribed.force_is_global { v } else { frame.rotation * v };
            if let Some(force) = &prescribed.force {
                out.extend(vector(at_time(force, moment.time)).to_array());
                if let Some(point) = &prescribed.point {
                    let point = at_time(point, moment.time);
                    let point = if prescribed.point_is_global { frame.inverse_point(point) } else { point };
                    out.extend(point.to_array());
                }
            }
            if let Some(torque) = &prescribed.torque {
                out.extend(vector(at_time(torque, moment.time)).to_array());
            }
        }
        PointLaw::Actuator { .. } | PointLaw::Push { .. } | PointLaw::Torque { .. } => {
            out.extend(law.actuation(moment));
        }
        PointLaw::Sole(sole) => out.extend(alone.bodies[sole.point.body].force.to_array()),
        PointLaw::Body { .. } => {}
    }
}

impl PointLaw {
    fn actuation(&self, moment: &Moment<'_, f64>) -> Option<f64> {
        match self {
            Self::Actuator { control, optimal_force, .. }
            | Self::Push { control, optimal_force, .. }
            | Self::Torque { control, optimal_force, .. } => Some(moment.controls[*control] * optimal_force),
            _ => None,
        }
    }

    fn actuator_speed(&self, moment: &Moment<'_, f64>) -> Option<f64> {
        let place = |p: &Point| moment.bodies[p.body].point(p.position);
        let velocity = |p: &Point| moment.velocities[p.body].of_point(place(p));
        match self {
            // Points that stand in ground do not part.
            Self::Actuator { points_are_global: true, .. } => Some(0.0),
            Self::Actuator { ends: [a, b], .. } => {
                let apart = place(a) - place(b);
                let distance = apart.norm();
                let rate = (velocity(a) - velocity(b)).dot(apart);
                Some(if distance > 0.0 { rate / distance } else { 0.0 })
            }
            Self::Push { point, .. } => Some(velocity(point).norm()),
            // OpenSim takes the axis as it stands, in ground or not.
            Self::Torque { bodies: [a, b], axis, .. } => {
                Some((moment.velocities[*a].angular - moment.velocities[*b].angular).dot(*axis))
            }
            _ => None,
        }
    }
}
