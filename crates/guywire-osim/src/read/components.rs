//! Component paths: which element a socket such as `/bodyset/pelvis` or `../frame` names.

use std::collections::HashMap;

use crate::description::NodeId;
use crate::xml::Document;

/// Every named element of a model, found by the path that OpenSim gives it.
///
/// A component's path is made of the names of the components that contain it; elements without a name
/// (`objects`, `frames`, `coordinates`, …) are no part of it.
pub(super) struct Components<'d> {
    document: &'d Document,
    model: NodeId,
    /// By (containing component, name).
    children: HashMap<(NodeId, &'d str), NodeId>,
    /// By name alone, in the order of the document.
    named: HashMap<&'d str, Vec<NodeId>>,
    /// Containing component by node.
    owners: Vec<u32>,
    /// All of them, in the order of the document.
    all: Vec<NodeId>,
}

impl<'d> Components<'d> {
    pub fn new(document: &'d Document, model: NodeId) -> Self {
        let count = document.node_count();
        let mut components = Self {
            document,
            model,
            children: HashMap::with_capacity(count / 8),
            named: HashMap::with_capacity(count / 8),
            owners: vec![u32::MAX; count],
            all: Vec::new(),
        };
        // In the order of the document: what is on the stack comes after what was found.
        let mut open: Vec<(NodeId, NodeId)> = Vec::new();
        open.push((model, model));
        while let Some((node, owner)) = open.pop() {
            let inner = if node == model { model } else { components.enter(node, owner) };
            let first = open.len();
            open.extend(document.children(node).map(|child| (child, inner)));
            open[first..].reverse();
        }
        components
    }

    /// Records a child of `owner` and returns what owns the elements in it.
    fn enter(&mut self, node: NodeId, owner: NodeId) -> NodeId {
        self.owners[node.0 as usize] = owner.0;
        let name = self.document.attribute(node, "name").unwrap_or_default().trim();
        // Model::getBodySet and its like are at fixed places whatever their name in the file.
        let set = set_path(self.document.name(node)).filter(|_| owner == self.model || name.is_empty());
        match set.unwrap_or(name) {
            "" => owner,
            name => {
                // The first of several components of one name is the one that OpenSim finds.
                self.children.entry((owner, name)).or_insert(node);
                self.named.entry(name).or_default().push(node);
                self.all.push(node);
                node
            }
        }
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
                ".." => NodeId(*self.owners.get(at.0 as usize).filter(|&&owner| owner != u32::MAX)?),
                name => *self.children.get(&(at, name))?,
            };
        }
        Some(at)
    }

    /// The first component of a name that is sought.
    pub fn first(&self, name: &str, is_sought: impl Fn(&NodeId) -> bool) -> Option<NodeId> {
        self.named.get(name)?.iter().copied().find(is_sought)
    }

    /// The component of a name that is sought, if there is one only.
    pub fn only(&self, name: &str, is_sought: impl Fn(&NodeId) -> bool) -> Option<NodeId> {
        let mut found = self.named.get(name)?.iter().copied().filter(is_sought);
        found.next().filter(|_| found.next().is_none())
    }

    /// The component in which `node` is.
    pub fn owner(&self, node: NodeId) -> Option<NodeId> {
        self.owners.get(node.0 as usize).filter(|&&owner| owner != u32::MAX).map(|&owner| NodeId(owner))
    }
}

/// Names under which OpenSim keeps the sets of a model.
fn set_path(class: &str) -> Option<&'static str> {
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
