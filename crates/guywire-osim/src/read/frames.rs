//! Sockets, frames and coordinates by path.
//!
//! `PhysicalOffsetFrame`s are multiplied out down to the body that carries them; a `StationDefinedFrame` is
//! built from its four stations, which must be on one body.

use guywire_math::{Mat3, Pose, Vec3};

use super::Reader;
use super::element::Element;
use super::error::ReadError;
use crate::description::{Base, Frame, NodeId, Station};

/// A chain of frames longer than this is a cycle.
const LONGEST_CHAIN: usize = 1000;
/// Frames through stations on frames through stations: more are a mistake.
const DEEPEST_STATIONS: usize = 50;

impl<'d> Element<'_, 'd> {
    /// What a socket names, before any check.
    pub fn socket(&self, socket: &str, what: &'static str) -> Result<NodeId, ReadError> {
        let property = ["socket_", socket].concat();
        let path = self.text(&property).ok_or_else(|| self.missing(&property, "the path of a component"))?;
        self.component(&property, path, what)
    }

    /// The component of a path; by its last name, if the path leads nowhere and only one has that name.
    pub fn component(&self, property: &str, path: &str, what: &'static str) -> Result<NodeId, ReadError> {
        let reader = self.reader;
        if let Some(node) = reader.components.resolve(self.node, path) {
            return Ok(node);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_sought = |node: &NodeId| is_kind(what, reader.document.name(*node));
        if let Some(node) = reader.components.only(name, is_sought) {
            return Ok(node);
        }
        let candidates = reader.components.all().iter().filter(|node| is_sought(node));
        let names = candidates.filter_map(|&node| reader.document.attribute(node, "name"));
        Err(ReadError::Unknown {
            place: self.place(),
            property: property.to_owned(),
            what,
            name: path.to_owned(),
            nearest: reader.nearest(name, names),
        })
    }

    /// The frame that a socket names.
    pub fn frame(&self, socket: &str) -> Result<Frame, ReadError> {
        let node = self.socket(socket, FRAME)?;
        self.reader.frame_of(node, self)
    }

    /// The frame of a property that holds a path or the bare name of a body.
    pub fn named_frame(&self, property: &str) -> Result<Frame, ReadError> {
        let path = self.text(property).ok_or_else(|| self.missing(property, "the name of a body"))?;
        let reader = self.reader;
        let by_name = || match path {
            "ground" => reader.components.resolve(reader.model, "ground"),
            _ => reader.components.only(path, |node| reader.bodies.contains_key(node)),
        };
        match by_name() {
            Some(node) => reader.frame_of(node, self),
            None if path == "ground" => Ok(Reader::base_frame(Base::Ground)),
            None => {
                let node = self.component(property, path, FRAME)?;
                reader.frame_of(node, self)
            }
        }
    }

    /// A point given in a frame, on the base of the frame.
    pub fn station(&self, socket: &str, location: Vec3<f64>) -> Result<Station, ReadError> {
        Ok(on_base(self.frame(socket)?, location))
    }

    /// Name of the coordinate that a socket names.
    pub fn coordinate(&self, socket: &str) -> Result<String, ReadError> {
        let property = ["socket_", socket].concat();
        let path = self.text(&property).ok_or_else(|| self.missing(&property, "the path of a coordinate"))?;
        self.coordinate_at(&property, path)
    }

    /// Name of the coordinate of a path or bare name.
    pub fn coordinate_at(&self, property: &str, path: &str) -> Result<String, ReadError> {
        let reader = self.reader;
        let node = reader
            .components
            .resolve(self.node, path)
            .filter(|node| reader.coordinates.contains_key(node))
            .or_else(|| reader.coordinate_names.get(path.rsplit('/').next().unwrap_or(path)).copied());
        match node.and_then(|node| reader.coordinates.get(&node).map(|name| (node, name))) {
            // Here coordinates are told apart by name: another one must not be taken for it.
            Some((node, name)) if reader.coordinate_names.get(name) != Some(&node) => Err(self.rule(format!(
                "`{property}` names `{path}`, which is not the first coordinate of the name `{name}`; expected \
                 coordinates with a name of their own: rename one"
            ))),
            Some((_, name)) => Ok((*name).to_owned()),
            None => {
                let mut names: Vec<&str> = reader.coordinate_names.keys().copied().collect();
                names.sort_unstable();
                Err(ReadError::Unknown {
                    place: self.place(),
                    property: property.to_owned(),
                    what: "coordinate",
                    name: path.to_owned(),
                    nearest: reader.nearest(path.rsplit('/').next().unwrap_or(path), names.into_iter()),
                })
            }
        }
    }
}

/// Kind of what a frame socket names.
pub(super) const FRAME: &str = "body or frame";

fn is_kind(what: &str, class: &str) -> bool {
    match what {
        FRAME => class == "Body" || class == "Ground" || class.ends_with("Frame"),
        "station" => matches!(class, "Station" | "Marker" | "PathPoint"),
        "contact geometry" => class.starts_with("Contact"),
        _ => class.starts_with("Wrap"),
    }
}

/// A point of a frame, on the base of the frame.
pub(super) fn on_base(frame: Frame, location: Vec3<f64>) -> Station {
    Station { base: frame.base, position: frame.offset.point(location) }
}

impl Reader<'_> {
    /// The frame of an element; `user` is named in errors.
    pub(super) fn frame_of(&self, node: NodeId, user: &Element) -> Result<Frame, ReadError> {
        let mut chain: Vec<NodeId> = Vec::new();
        let mut at = node;
        // Down to a body or a frame that is known, then up again.
        let mut frame = loop {
            if let Some(&frame) = self.frames.borrow().get(&at) {
                break frame;
            }
            if let Some(frame) = self.base_or_stations(at, chain.len())? {
                break frame;
            }
            let element = self.element(at);
            if !matches!(element.class(), "PhysicalOffsetFrame" | "OffsetFrame") {
                return Err(user.rule(format!("{} is no body or frame", element.place())));
            }
            if chain.len() > LONGEST_CHAIN || chain.contains(&at) {
                let through = element.name().to_owned();
                return Err(ReadError::FrameCycle { place: user.place(), through });
            }
            chain.push(at);
            at = element.socket("parent", FRAME)?;
        };
        while let Some(at) = chain.pop() {
            let element = self.element(at);
            frame.offset = frame.offset * element.pose("translation", "orientation")?;
            self.frames.borrow_mut().insert(at, frame);
        }
        Ok(frame)
    }

    fn base_or_stations(&self, node: NodeId, depth: usize) -> Result<Option<Frame>, ReadError> {
        if let Some(&index) = self.bodies.get(&node) {
            return Ok(Some(Self::base_frame(Base::Body(index))));
        }
        match self.document.name(node) {
            "Ground" => Ok(Some(Self::base_frame(Base::Ground))),
            "StationDefinedFrame" if depth <= LONGEST_CHAIN => self.station_defined(node).map(Some),
            _ => Ok(None),
        }
    }

    /// A frame through four stations: `ab_axis` points from a to b, `ab_x_ac_axis` along ab × ac.
    fn station_defined(&self, node: NodeId) -> Result<Frame, ReadError> {
        let element = self.element(node);
        // Stations may hang on frames that hang on this one: what is being built counts as known and wrong.
        let cycle = || ReadError::FrameCycle { place: element.place(), through: element.name().to_owned() };
        let is_open = |open: &[NodeId]| open.len() > DEEPEST_STATIONS || open.contains(&node);
        if is_open(&self.open_frames.borrow()) {
            return Err(cycle());
        }
        self.open_frames.borrow_mut().push(node);
        let points = self.four_stations(&element);
        self.open_frames.borrow_mut().pop();
        let [a, b, c, origin] = points?;
        if [b, c, origin].iter().any(|point| point.base != a.base) {
            return Err(element.rule("the four stations are not on one body"));
        }
        let ab = b.position - a.position;
        let normal = ab.cross(c.position - a.position);
        let (first, first_sign) = axis(&element, "ab_axis", "+x")?;
        let (second, second_sign) = axis(&element, "ab_x_ac_axis", "+y")?;
        if first == second || normal.norm() <= 1e-12 * ab.dot(ab) || ab.norm() == 0.0 {
            return Err(element.rule("the stations or the axes do not define a frame"));
        }
        let mut columns = [Vec3::zero(); 3];
        columns[first] = ab * (first_sign / ab.norm());
        columns[second] = normal * (second_sign / normal.norm());
        let third = 3 - first - second;
        let product = columns[(third + 1) % 3].cross(columns[(third + 2) % 3]);
        columns[third] = product;
        let rotation = Mat3 { rows: columns }.transpose();
        let frame = Frame { base: a.base, offset: Pose { rotation, position: origin.position } };
        self.frames.borrow_mut().insert(node, frame);
        Ok(frame)
    }

    fn four_stations(&self, element: &Element) -> Result<[Station; 4], ReadError> {
        let mut stations = [Station { base: Base::Ground, position: Vec3::zero() }; 4];
        for (station, socket) in stations.iter_mut().zip(["point_a", "point_b", "point_c", "origin_point"]) {
            let point = self.element(element.socket(socket, "station")?);
            *station = point.station("parent_frame", point.vec3("location", [0.0; 3])?)?;
        }
        Ok(stations)
    }
}

fn axis(element: &Element, property: &str, default: &'static str) -> Result<(usize, f64), ReadError> {
    let text = element.text(property).unwrap_or(default);
    let (sign, letter) = match text.strip_prefix('-') {
        Some(letter) => (-1.0, letter),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let index = ["x", "y", "z"].iter().position(|&known| known.eq_ignore_ascii_case(letter));
    let index = index.ok_or_else(|| element.value_error(property, text, "one of +x, +y, +z, -x, -y, -z"))?;
    Ok((index, sign))
}

impl Element<'_, '_> {
    /// A pose of a translation (m) and body-fixed X-Y-Z angles (rad).
    pub fn pose(&self, translation: &str, orientation: &str) -> Result<Pose<f64>, ReadError> {
        let angles = self.vec3(orientation, [0.0; 3])?;
        Ok(Pose {
            rotation: Mat3::euler_xyz(angles.x, angles.y, angles.z),
            position: self.vec3(translation, [0.0; 3])?,
        })
    }
}
