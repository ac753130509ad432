//! Lines of pull.

use super::element::Element;
use super::error::ReadError;
use crate::description::{
    Function, GeometryPath, PathFunctions, PathPoint, PathPointKind, PathWrap, WrapMethod,
};
use crate::report::Fate;

/// Whether a class is a path.
fn is_path(class: &str) -> bool {
    class.ends_with("Path")
}

impl Element<'_, '_> {
    /// The path of a muscle, ligament or actuator.
    pub fn path(&self) -> Result<GeometryPath, ReadError> {
        match self.object("path", is_path).or_else(|| self.unnamed("GeometryPath")) {
            Some(path) if path.class() == "GeometryPath" => path.geometry_path(),
            Some(path) if path.class() == "FunctionBasedPath" => path.path_by_functions(),
            Some(path) => {
                let class = path.class().to_owned();
                Err(ReadError::Class {
                    place: self.place(),
                    class,
                    expected: "GeometryPath or FunctionBasedPath",
                })
            }
            None => Err(self.missing("GeometryPath", "a path")),
        }
    }

    fn geometry_path(&self) -> Result<GeometryPath, ReadError> {
        let points: Vec<_> =
            self.objects("PathPointSet").map(|element| element.path_point()).collect::<Result<_, _>>()?;
        if points.len() < 2 {
            return Err(self.rule(format!("{} path points; expected at least 2", points.len())));
        }
        let wraps = self
            .objects("PathWrapSet")
            .map(|element| element.path_wrap(points.len()))
            .collect::<Result<_, _>>()?;
        Ok(GeometryPath { node: self.node, points, wraps, functions: None })
    }

    fn path_by_functions(&self) -> Result<GeometryPath, ReadError> {
        let coordinates = self
            .words("coordinate_paths")
            .into_iter()
            .map(|path| self.coordinate_at("coordinate_paths", path))
            .collect::<Result<Vec<_>, _>>()?;
        if coordinates.is_empty() {
            return Err(self.missing("coordinate_paths", "paths of coordinates"));
        }
        if let Some(twice) = (1..coordinates.len()).find(|&k| coordinates[..k].contains(&coordinates[k])) {
            return Err(self.rule(format!("`coordinate_paths` names `{}` twice", coordinates[twice])));
        }
        let length = self.function("length_function")?;
        let length = length.ok_or_else(|| self.missing("length_function", "a function"))?;
        let moment_arms: Vec<Function> = self
            .objects("moment_arm_functions")
            .map(|function| function.as_function())
            .collect::<Result<_, _>>()?;
        if !moment_arms.is_empty() && moment_arms.len() != coordinates.len() {
            let (found, expected) = (moment_arms.len(), coordinates.len());
            return Err(self.rule(format!("{found} moment arm functions for {expected} coordinates")));
        }
        if self.function("lengthening_speed_function")?.is_some() {
            let reason = "its speed is that of its moment arms, not of `lengthening_speed_function`";
            self.reader.remark(self.node, Fate::Approximated(reason.to_owned()));
        }
        let functions = Some(Box::new(PathFunctions { coordinates, length, moment_arms }));
        Ok(GeometryPath { node: self.node, points: Vec::new(), wraps: Vec::new(), functions })
    }

    fn path_point(&self) -> Result<PathPoint, ReadError> {
        let kind = match self.class() {
            "PathPoint" => PathPointKind::Fixed(self.vec3("location", [0.0; 3])?),
            "ConditionalPathPoint" => PathPointKind::Conditional {
                location: self.vec3("location", [0.0; 3])?,
                coordinate: self.coordinate("coordinate")?,
                range: self.array("range", [0.0; 2], "two numbers")?,
            },
            "MovingPathPoint" => self.moving_point()?,
            class => {
                let class = class.to_owned();
                return Err(ReadError::Class { place: self.place(), class, expected: "a path point" });
            }
        };
        let frame = self.frame("parent_frame")?;
        Ok(PathPoint {
            node: self.node,
            name: self.name().to_owned(),
            base: frame.base,
            frame: frame.offset,
            kind,
        })
    }

    fn moving_point(&self) -> Result<PathPointKind, ReadError> {
        let component = |socket: &str, location: &str| -> Result<_, ReadError> {
            let coordinate = match self.text(&["socket_", socket].concat()) {
                Some(_) => Some(self.coordinate(socket)?),
                None => None,
            };
            Ok((coordinate, self.function(location)?.unwrap_or(Function::Constant(0.0))))
        };
        let (x, along_x) = component("x_coordinate", "x_location")?;
        let (y, along_y) = component("y_coordinate", "y_location")?;
        let (z, along_z) = component("z_coordinate", "z_location")?;
        let functions = Box::new([along_x, along_y, along_z]);
        Ok(PathPointKind::Moving { coordinates: [x, y, z], functions })
    }

    fn path_wrap(&self, points: usize) -> Result<PathWrap, ReadError> {
        let method = match self.text("method").unwrap_or("hybrid") {
            "hybrid" | "Hybrid" | "HYBRID" | "Unassigned" => WrapMethod::Hybrid,
            "midpoint" | "Midpoint" | "MIDPOINT" => WrapMethod::Midpoint,
            "axial" | "Axial" | "AXIAL" => WrapMethod::Axial,
            other => return Err(self.value_error("method", other, "hybrid, midpoint or axial")),
        };
        let [first, last] = self.array("range", [-1.0; 2], "two integers")?;
        // Points count from 1 in the file; below 1 means the path's own end.
        let end = (points - 1) as f64;
        let first = if first < 1.0 { 0.0 } else { (first - 1.0).min(end) };
        let last = if last < 1.0 { end } else { (last - 1.0).min(end) };
        let name = self.text("wrap_object").ok_or_else(|| self.missing("wrap_object", "a wrap object"))?;
        Ok(PathWrap {
            node: self.node,
            range: [first as usize, last as usize],
            method,
            surface: self.reader.wrap_object(name, self)?,
        })
    }
}
