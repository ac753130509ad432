//! Lines of pull.

use super::Writer;
use crate::description::{Frame, GeometryPath, NodeId, PathFunctions, PathPointKind, WrapMethod};

impl<'a> Writer<'a> {
    pub(super) fn path(&mut self, owner: NodeId, path: &'a GeometryPath) {
        if let Some(functions) = &path.functions {
            return self.path_by_functions(owner, functions);
        }
        let node = self.object(owner, "GeometryPath", "path");
        let set = self.document.append(node, "PathPointSet");
        let objects = self.document.append(set, "objects");
        for point in &path.points {
            let class = match point.kind {
                PathPointKind::Fixed(_) => "PathPoint",
                PathPointKind::Conditional { .. } => "ConditionalPathPoint",
                PathPointKind::Moving { .. } => "MovingPathPoint",
            };
            let node = self.object(objects, class, &point.name);
            let frame = self.frame_path(Frame { base: point.base, offset: point.frame });
            self.value(node, "socket_parent_frame", frame.as_str());
            self.point_kind(node, &point.kind);
        }
        if path.wraps.is_empty() {
            return;
        }
        let set = self.document.append(node, "PathWrapSet");
        let objects = self.document.append(set, "objects");
        for (index, wrap) in path.wraps.iter().enumerate() {
            let name = self.wrap_name(&wrap.surface);
            let node = self.object(objects, "PathWrap", &format!("pathwrap_{index}"));
            self.value(node, "wrap_object", name.as_str());
            let method = match wrap.method {
                WrapMethod::Hybrid => "hybrid",
                WrapMethod::Midpoint => "midpoint",
                WrapMethod::Axial => "axial",
            };
            self.value(node, "method", method);
            let [first, last] = wrap.range;
            let whole = [first, last] == [0, path.points.len().saturating_sub(1)];
            let range = if whole { [-1.0; 2] } else { [(first + 1) as f64, (last + 1) as f64] };
            self.value(node, "range", range);
        }
    }

    fn path_by_functions(&mut self, owner: NodeId, functions: &PathFunctions) {
        let node = self.object(owner, "FunctionBasedPath", "path");
        let paths: Vec<String> =
            functions.coordinates.iter().map(|name| self.coordinate_path(name)).collect();
        self.value(node, "coordinate_paths", paths.join(" ").as_str());
        self.function_property(node, "length_function", &functions.length);
        if functions.moment_arms.is_empty() {
            return;
        }
        let list = self.document.append(node, "moment_arm_functions");
        for function in &functions.moment_arms {
            self.function(list, function);
        }
    }

    fn point_kind(&mut self, node: NodeId, kind: &PathPointKind) {
        match kind {
            PathPointKind::Fixed(location) => self.value(node, "location", *location),
            PathPointKind::Conditional { location, coordinate, range } => {
                self.value(node, "location", *location);
                let path = self.coordinate_path(coordinate);
                self.value(node, "socket_coordinate", path.as_str());
                self.value(node, "range", *range);
            }
            PathPointKind::Moving { coordinates, functions } => {
                for ((coordinate, function), letter) in
                    coordinates.iter().zip(functions.iter()).zip(["x", "y", "z"])
                {
                    if let Some(name) = coordinate {
                        let path = self.coordinate_path(name);
                        self.value(node, &format!("socket_{letter}_coordinate"), path.as_str());
                    }
                    self.function_property(node, &format!("{letter}_location"), function);
                }
            }
        }
    }
}
