//! Component paths: which element a socket such as `/bodyset/pelvis` or `../frame` names.

use std::collections::HashMap;

use crate::description::NodeId;
use crate::xml::Document;

/// No component.
const NONE: u32 = u32::MAX;

/// Every named element of a model, found by the path that OpenSim gives it.
///
/// A component's path is made of the names of the components that contain it; elements without a name
/// (`objects`, `frames`, `coordinates`, …) are no part of it.
pub(super) struct Components<'d> {
    document: &'d Document,
    model: NodeId,
    /// By (containing component, name).
    children: HashMap<(NodeId, &'d str), NodeId>,
    /// By name alone: the first and the last of [`Components::all`].
    named: HashMap<&'d str, [u32; 2]>,
    /// Containing component by node.
    owners: Vec<u32>,
    /// All of them, in the order of the document.
    all: Vec<NodeId>,
    /// For each of them the next of the same name.
    next_named: Vec<u32>,
}

impl<'d> Components<'d> {
    pub fn new(document: &'d Document, model: NodeId) -> Self {
        let count = document.node_count();
        let mut components = Self {
            document,
            model,
            children: HashMap::with_capacity(count / 8),
            named: HashMap::with_capacity(count / 8),
            owners: vec![NONE; count],
            all: Vec::with_capacity(count / 8),
            next_named: Vec::with_capacity(count / 8),
        };
        // What owns the elements in a node: the node if it is a component, or what owns the node.
        let mut inner = vec![model.0; count];
        for node in document.elements(model).skip(1) {
            let parent = document.parent(node).unwrap_or(model);
            let owner = NodeId(inner[parent.0 as usize]);
            inner[node.0 as usize] = components.enter(node, owner).0;
        }
        components
    }

    /// Records a child of `owner` and returns what owns the elements in it.
    fn enter(&mut self, node: NodeId, owner: NodeId) -> NodeId {
        self.owners[node.0 as usize] = owner.0;
        let name = self.document.attribute(node, "name").unwrap_or_default().trim();
        // Model::getBodySet and its like are at fixed places whatever their name in the file.
        let set = set_path(self.document.name(node)).filter(|_| owner == self.model || name.is_empty());
        let name = set.unwrap_or(name);
        if name.is_empty() {
            return owner;
        }
        // The first of several components of one name is the one that OpenSim finds.
        self.children.entry((owner, name)).or_insert(node);
        let index = self.all.len() as u32;
        let ends = self.named.entry(name).or_insert([index; 2]);
        if let Some(next) = self.next_named.get_mut(ends[1] as usize) {
            *next = index;
        }
        ends[1] = index;
        self.all.push(node);
        self.next_named.push(NONE);
        node
    }

    /// All components, in the order of the document.
    pub fn all(&self) -> &[NodeId] {
        &self.all
    }

    /// The component that a path names, seen from `owner`.
    pub fn resolve(&self, owner: NodeId, path: &str) -> Option<NodeId> {
        let (mut at, relative) = match path.strip_prefix('/') {
            Some(rest) => (self.model, rest),
            None => (owner, path),
        };
        for part in relative.split('/') {
            at = match part {
                "" | "." => at,
                ".." => NodeId(*self.owners.get(at.0 as usize).filter(|&&owner| owner != NONE)?),
                name => *self.children.get(&(at, name))?,
            };
        }
        Some(at)
    }

    /// All components of a name, in the order of the document.
    fn of_name(&self, name: &str) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = self.named.get(name).map_or(NONE, |ends| ends[0]);
        std::iter::from_fn(move || {
            let node = self.all.get(at as usize)?;
            at = self.next_named.get(at as usize).copied().unwrap_or(NONE);
            Some(*node)
        })
    }

    /// The first component of a name that is sought.
    pub fn first(&self, name: &str, is_sought: impl Fn(&NodeId) -> bool) -> Option<NodeId> {
        self.of_name(name).find(is_sought)
    }

    /// The component of a name that is sought, if there is one only.
    pub fn only(&self, name: &str, is_sought: impl Fn(&NodeId) -> bool) -> Option<NodeId> {
        let mut found = self.of_name(name).filter(is_sought);
        found.next().filter(|_| found.next().is_none())
    }

    /// The component in which `node` is.
    pub fn owner(&self, node: NodeId) -> Option<NodeId> {
        self.owners.get(node.0 as usize).filter(|&&owner| owner != NONE).map(|&owner| NodeId(owner))
    }
}

/// Names under which OpenSim keeps the sets of a model.
fn set_path(class: &str) -> Option<&'static str> {
    if !class.starts_with(|first: char| first.is_ascii_uppercase()) {
        return None;
    }
    Some(match class {
        "BodySet" => "bodyset",
        "JointSet" => "jointset",
        "ConstraintSet" => "constraintset",
        "ForceSet" => "forceset",
        "MarkerSet" => "markerset",
        "ContactGeometrySet" => "contactgeometryset",
        "ControllerSet" => "controllerset",
        "ProbeSet" => "probeset",
        "ComponentSet" => "componentset",
        "WrapObjectSet" => "wrapobjectset",
        "PathPointSet" => "pathpointset",
        "PathWrapSet" => "pathwrapset",
        "Ground" => "ground",
        _ => return None,
    })
}
