//! A line between two points that move freely, over surfaces fixed to ground.

use guywire_engine::path::{AllowedSide, PathPoint, Route, Shape, Surface, Wrap};
use guywire_engine::{Body, Coordinate, Joint, Kinematics, Model, Path, PathSet};
use guywire_math::{Dual, Mat3, Pose, Real, Vec3};

/// A surface at the origin of ground.
pub fn surface(shape: Shape, side: AllowedSide) -> Surface {
    Surface { name: "roller".into(), body: 0, frame: Pose::identity(), shape, side }
}

/// Two free bodies in ground; surfaces on ground, the ends of the path on the bodies' origins.
pub struct Scene {
    model: Model,
    paths: PathSet,
}

/// The line of a scene.
pub struct Line {
    pub length: f64,
    /// Both ends of every straight part.
    pub strands: Vec<[Vec3<f64>; 2]>,
    /// How many surfaces it touches.
    pub contacts: usize,
}

/// Coordinates of both bodies: three angles of each, then its place.
pub fn pose([p, q]: [Vec3<f64>; 2]) -> [f64; 12] {
    [0.0, 0.0, 0.0, p.x, p.y, p.z, 0.0, 0.0, 0.0, q.x, q.y, q.z]
}

impl Scene {
    pub fn new(surfaces: &[Surface]) -> Self {
        let inertia = Mat3 { rows: [Vec3::zero(); 3] };
        let body = |name: &str| Body { name: name.into(), mass: 1.0, center_of_mass: Vec3::zero(), inertia };
        let coordinates = (0..12)
            .map(|i| Coordinate { name: format!("q{i}"), default: 0.0, range: None, locked: false })
            .collect();
        let free = |name: &str, child: usize, c: usize| {
            Joint::weld(name, 0, child, Pose::identity(), Pose::identity())
                .free([c, c + 1, c + 2], [c + 3, c + 4, c + 5])
        };
        let joints = vec![free("first", 1, 0), free("second", 2, 6)];
        let model = Model::new(["ground", "p", "q"].map(body).to_vec(), joints, coordinates, vec![]).unwrap();
        let points = [1, 2].map(|b| PathPoint::fixed(b, Vec3::zero())).to_vec();
        let wraps = surfaces.iter().map(|s| Wrap { surface: s.clone(), first: 0, last: 1 }).collect();
        let paths = PathSet::new(&model, vec![Path::through(points, wraps)]).unwrap();
        Self { model, paths }
    }

    fn kinematics(&self, q: &[f64; 12]) -> Kinematics<f64> {
        let mut kinematics = Kinematics::new(&self.model);
        kinematics.update(&self.model, q);
        kinematics
    }

    /// The line at a pose, if one is found.
    fn try_line_at(&self, q: &[f64; 12]) -> Option<Line> {
        let (path, mut route) = (&self.paths.paths()[0], Route::new());
        route.lay(path, &self.kinematics(q)).ok()?;
        let mut strands = Vec::new();
        let length = route.strands(path, |strand| strands.push([strand.start, strand.end]));
        Some(Line { length, strands, contacts: route.contacts().count() })
    }

    /// Moment arms by coordinate.
    pub fn arms(&self, ends: [Vec3<f64>; 2]) -> [f64; 12] {
        let mut found = self.paths.moment_arms();
        self.paths.update(&self.model, &self.kinematics(&pose(ends)), &mut found).unwrap();
        let mut arms = [0.0; 12];
        for (&i, &arm) in self.paths.columns().iter().zip(&found.values) {
            arms[i] = arm;
        }
        arms
    }

    /// The line as it is drawn.
    pub fn polyline(&self, ends: [Vec3<f64>; 2]) -> Vec<Vec3<f64>> {
        self.paths.paths()[0].polyline(&self.kinematics(&pose(ends)))
    }

    pub fn try_line(&self, ends: [Vec3<f64>; 2]) -> Option<Line> {
        self.try_line_at(&pose(ends))
    }

    pub fn line(&self, ends: [Vec3<f64>; 2]) -> Line {
        self.try_line(ends).unwrap_or_else(|| panic!("no line between {ends:?}"))
    }

    pub fn length(&self, ends: [Vec3<f64>; 2]) -> f64 {
        self.line(ends).length
    }

    /// The line with one coordinate moved.
    pub fn moved(&self, ends: [Vec3<f64>; 2], coordinate: usize, by: f64) -> Option<Line> {
        let mut q = pose(ends);
        q[coordinate] += by;
        self.try_line_at(&q)
    }

    /// The slope of the length by a coordinate, by dual numbers.
    pub fn exact_slope(&self, ends: [Vec3<f64>; 2], coordinate: usize) -> f64 {
        let mut q = pose(ends).map(<Dual<1> as Real>::lift);
        q[coordinate].slope[0] = 1.0;
        let mut kinematics = Kinematics::<Dual<1>>::new(&self.model);
        kinematics.update(&self.model, &q);
        self.paths.paths()[0].follow(&kinematics, |_| {}).slope[0]
    }
}
