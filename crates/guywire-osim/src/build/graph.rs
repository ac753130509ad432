//! Which joints span the tree of bodies, in which direction, and what closes the loops.
//!
//! A breadth-first sweep from ground over the joints in the order of the file; a joint whose child is already
//! in the tree is walked backwards. A massless body is passed at once on the way to one with mass. A joint
//! that closes a loop mobilises a copy of its child, which is welded to the child and takes an equal share of its mass;
//! only welds and free joints close a loop as they are, by a weld constraint and by nothing. Bodies that no
//! joint leads to get a free joint to ground. Every choice is that of Simbody's `MultibodyGraphMaker`, since
//! it decides whose speeds, mass matrix and forces are compared.

use crate::description::{Base, Description, JointKind};

/// What moves a body of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// A joint of the description.
    Joint(usize),
    /// A free joint to ground that the file does not have.
    AddedFree,
}

/// A joint of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mobilizer {
    pub via: Via,
    /// The body that it is fixed to.
    pub inboard: Base,
    /// The body that it moves: an index of the description.
    pub outboard: usize,
    /// Whether it moves a copy of that body.
    pub copy: bool,
    /// Whether the joint's parent is the body that it moves.
    pub reversed: bool,
}

/// The tree and what closes its loops.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// Every mobiliser after the one that moves its inboard body.
    pub mobilizers: Vec<Mobilizer>,
    /// Weld joints that close a loop.
    pub loop_welds: Vec<usize>,
    /// Of every body, how many copies of it there are.
    pub copies: Vec<usize>,
}

/// A joint as the sweep sees it.
struct Edge {
    via: Via,
    parent: usize,
    child: usize,
    mobile: bool,
    used: bool,
}

struct Sweep<'d> {
    description: &'d Description,
    edges: Vec<Edge>,
    /// Of every body, ground first, the edges that end there, in order.
    at: Vec<Vec<usize>>,
    /// Distance from ground, ground first; none outside the tree.
    level: Vec<Option<usize>>,
    mobilizers: Vec<Mobilizer>,
}

/// Ground is 0, body `i` is `i + 1`.
fn number(base: Base) -> usize {
    match base {
        Base::Ground => 0,
        Base::Body(i) => i + 1,
    }
}

fn base(number: usize) -> Base {
    number.checked_sub(1).map_or(Base::Ground, Base::Body)
}

/// Spans the tree.
pub(super) fn span(description: &Description) -> Graph {
    let bodies = description.bodies.len();
    let edges: Vec<Edge> = description
        .joints
        .iter()
        .enumerate()
        .map(|(i, joint)| Edge {
            via: Via::Joint(i),
            parent: number(joint.parent.base),
            child: number(joint.child.base),
            mobile: !matches!(joint.kind, JointKind::Weld),
            used: false,
        })
        .collect();
    let mut at = vec![vec![]; bodies + 1];
    for (i, edge) in edges.iter().enumerate() {
        at[edge.parent].push(i);
        at[edge.child].push(i);
    }
    let mut level = vec![None; bodies + 1];
    level[0] = Some(0);
    let mut sweep = Sweep { description, edges, at, level, mobilizers: vec![] };
    for body in 1..=bodies {
        if sweep.at[body].is_empty() {
            sweep.connect_to_ground(body);
        }
    }
    sweep.grow();
    while let Some(body) = sweep.next_base() {
        sweep.connect_to_ground(body);
        sweep.grow();
    }
    sweep.close_loops()
}

impl Sweep<'_> {
    fn mass(&self, body: usize) -> f64 {
        body.checked_sub(1).map_or(f64::INFINITY, |i| self.description.bodies[i].mass)
    }

    fn is_massless(&self, body: usize) -> bool {
        let mass = self.mass(body);
        mass <= 0.0 || mass.is_nan()
    }

    fn connect_to_ground(&mut self, body: usize) {
        for end in [0, body] {
            self.at[end].push(self.edges.len());
        }
        self.edges.push(Edge { via: Via::AddedFree, parent: 0, child: body, mobile: true, used: false });
    }

    /// The body outside the tree that has the most joints as a parent; one that is no child comes first.
    fn next_base(&self) -> Option<usize> {
        let children = |body: usize| self.at[body].iter().filter(|&&e| self.edges[e].parent == body).count();
        let is_child = |body: usize| self.at[body].iter().any(|&e| self.edges[e].child == body);
        let outside = || (1..self.level.len()).filter(|&b| self.level[b].is_none());
        let parents_only = outside().any(|b| !is_child(b));
        let mut best: Option<usize> = None;
        for body in outside().filter(|&b| !parents_only || !is_child(b)) {
            if best.is_none_or(|b| children(body) > children(b)) {
                best = Some(body);
            }
        }
        best
    }

    /// Adds an edge that has exactly one end in the tree; gives the body that it adds.
    fn add(&mut self, edge: usize) -> usize {
        let Edge { via, parent, child, .. } = self.edges[edge];
        let reversed = self.level[parent].is_none();
        let (inboard, outboard) = if reversed { (child, parent) } else { (parent, child) };
        self.level[outboard] = self.level[inboard].map(|l| l + 1);
        self.edges[edge].used = true;
        self.mobilizers.push(Mobilizer {
            via,
            inboard: base(inboard),
            outboard: outboard - 1,
            copy: false,
            reversed,
        });
        outboard
    }

    /// Level by level from ground, and within a level in the order of the joints. What earlier sweeps brought has nothing
    /// left to bring, so only new bodies are followed.
    fn grow(&mut self) {
        let mut levels = vec![vec![0]];
        let mut taken = self.mobilizers.len();
        let mut level = 0;
        while level < levels.len() {
            let bodies = std::mem::take(&mut levels[level]);
            let mut edges: Vec<usize> = bodies.iter().flat_map(|&b| self.at[b].iter().copied()).collect();
            edges.sort_unstable();
            level += 1;
            for edge in edges {
                let Edge { parent, child, used, mobile, .. } = self.edges[edge];
                if used || self.level[parent].is_some() == self.level[child].is_some() {
                    continue;
                }
                let mut outboard = self.add(edge);
                // A joint with mobility must not end in a body without mass.
                while mobile && self.is_massless(outboard) {
                    let forward = self.heaviest(outboard, false);
                    let backward = self.heaviest(outboard, true);
                    let massive = |e: &Option<(usize, f64)>| e.is_some_and(|(_, mass)| mass > 0.0);
                    let next =
                        [forward, backward].into_iter().find(massive).flatten().or(forward).or(backward);
                    match next {
                        Some((edge, _)) => outboard = self.add(edge),
                        None => break,
                    }
                }
            }
            for mobilizer in &self.mobilizers[taken..] {
                // Beyond a body without mass the level can be deeper than the next.
                let depth = self.level[mobilizer.outboard + 1].unwrap_or(level);
                levels.resize(levels.len().max(depth + 1), vec![]);
                levels[depth].push(mobilizer.outboard + 1);
            }
            taken = self.mobilizers.len();
        }
    }

    /// The unused joint from `body` to the heaviest body outside the tree.
    fn heaviest(&self, body: usize, backward: bool) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for &i in &self.at[body] {
            let edge = &self.edges[i];
            let (from, to) = if backward { (edge.child, edge.parent) } else { (edge.parent, edge.child) };
            if from == body && !edge.used && self.level[to].is_none() {
                let mass = self.mass(to);
                if best.is_none_or(|(_, most)| mass > most) {
                    best = Some((i, mass));
                }
            }
        }
        best
    }

    fn close_loops(mut self) -> Graph {
        let mut graph = Graph { copies: vec![0; self.description.bodies.len()], ..Graph::default() };
        for edge in self.edges.iter().filter(|e| !e.used) {
            let Via::Joint(joint) = edge.via else { continue };
            match self.description.joints[joint].kind {
                JointKind::Weld => graph.loop_welds.push(joint),
                JointKind::Free => {}
                _ => {
                    // Ground cannot be copied: the joint's other end is, walked backwards.
                    let reversed = edge.child == 0;
                    let (inboard, outboard) =
                        if reversed { (edge.child, edge.parent) } else { (edge.parent, edge.child) };
                    if outboard == 0 {
                        continue;
                    }
                    graph.copies[outboard - 1] += 1;
                    self.mobilizers.push(Mobilizer {
                        via: edge.via,
                        inboard: base(inboard),
                        outboard: outboard - 1,
                        copy: true,
                        reversed,
                    });
                }
            }
        }
        graph.mobilizers = self.mobilizers;
        graph
    }
}
