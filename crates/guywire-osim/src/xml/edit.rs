//! Changes to a document.

use super::digest::{COMMENT, digest};
use super::{Attribute, Document, NONE, NodeId};

impl Document {
    /// Replaces the text of an element.
    pub fn set_text(&mut self, node: NodeId, text: &str) {
        let span = self.store(text);
        self.nodes[node.0 as usize].text = span;
    }

    /// Renames an element.
    pub fn set_name(&mut self, node: NodeId, name: &str) {
        let span = self.store(name);
        let renamed = &mut self.nodes[node.0 as usize];
        (renamed.name, renamed.digest) = (span, digest(name));
    }

    /// Sets or adds an attribute.
    pub fn set_attribute(&mut self, node: NodeId, name: &str, value: &str) {
        let value = self.store(value);
        let (mut at, mut last) = (self.node(node).first_attribute, NONE);
        while let Some(attribute) = self.attributes.get(at as usize) {
            if self.slice(attribute.name) == name {
                self.attributes[at as usize].value = value;
                return;
            }
            last = at;
            at = attribute.next;
        }
        let name = self.store(name);
        self.attributes.push(Attribute { name, value, next: NONE });
        let added = self.attributes.len() as u32 - 1;
        match self.attributes.get_mut(last as usize) {
            Some(attribute) => attribute.next = added,
            None => self.nodes[node.0 as usize].first_attribute = added,
        }
    }

    /// Takes an attribute away.
    pub fn remove_attribute(&mut self, node: NodeId, name: &str) {
        let kept: Vec<(String, String)> = self
            .attributes(node)
            .filter(|(own, _)| *own != name)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        self.nodes[node.0 as usize].first_attribute = NONE;
        kept.iter().for_each(|(name, value)| self.set_attribute(node, name, value));
    }

    /// Says that the elements from `first` on were put in from a file.
    pub(crate) fn mark_file(&mut self, first: usize, name: &str) {
        self.files.push((first as u32, self.nodes.len() as u32, name.to_owned()));
    }

    /// Adds an element at the end of another.
    pub fn append(&mut self, parent: NodeId, name: &str) -> NodeId {
        let child = self.create(parent, name);
        self.link_last(parent, child);
        child
    }

    /// Adds an element with text at the end of another.
    pub fn append_text(&mut self, parent: NodeId, name: &str, text: &str) -> NodeId {
        let child = self.append(parent, name);
        self.set_text(child, text);
        child
    }

    /// Adds an element before another; at the end of nothing if that is the root.
    pub fn insert_before(&mut self, sibling: NodeId, name: &str) -> NodeId {
        let child = self.create(sibling, name);
        self.link_before(sibling, child);
        child
    }

    /// Takes an element out of its parent and puts it at the end of another element.
    ///
    /// Nothing happens if that would put an element inside itself.
    pub fn move_to(&mut self, node: NodeId, parent: NodeId) {
        if self.contains(node, parent) {
            return;
        }
        self.remove(node);
        self.link_last(parent, node);
    }

    /// Puts an element before another one.
    pub fn move_before(&mut self, node: NodeId, sibling: NodeId) {
        if self.contains(node, sibling) {
            return;
        }
        self.remove(node);
        self.link_before(sibling, node);
    }

    /// Copies an element with all it contains to the end of another one.
    pub fn copy_to(&mut self, node: NodeId, parent: NodeId) -> NodeId {
        let source: Vec<NodeId> = self.nodes_in(node).collect();
        let copy = self.shallow_copy(node);
        // A copy into itself takes what was there before the copy began.
        for child in source {
            self.copy_to(child, copy);
        }
        self.link_last(parent, copy);
        copy
    }

    /// Copies an element of another document with all it contains to the end of an element of this one.
    pub fn append_from(&mut self, other: &Self, node: NodeId, parent: NodeId) {
        // Not by recursion, which a deep document could exhaust.
        let mut open = vec![(node, parent)];
        while let Some((from, to)) = open.pop() {
            let copy = self.append_text(to, other.name(from), other.text(from));
            self.nodes[copy.0 as usize].line = other.node(from).line;
            for (name, value) in other.attributes(from) {
                self.set_attribute(copy, name, value);
            }
            // Last in, first out: children go in reversed, so that they come out in order.
            let children: Vec<NodeId> = other.children(from).collect();
            open.extend(children.into_iter().rev().map(|child| (child, copy)));
        }
    }

    /// Takes an element out of the document.
    pub fn remove(&mut self, node: NodeId) {
        let Some(&super::Node { parent, previous, next, .. }) = self.nodes.get(node.0 as usize) else {
            return;
        };
        match self.nodes.get_mut(previous as usize) {
            Some(before) => before.next = next,
            None if parent != NONE => self.nodes[parent as usize].first_child = next,
            None => {}
        }
        match self.nodes.get_mut(next as usize) {
            Some(after) => after.previous = previous,
            None if parent != NONE => self.nodes[parent as usize].last_child = previous,
            None => {}
        }
        let removed = &mut self.nodes[node.0 as usize];
        (removed.parent, removed.previous, removed.next) = (NONE, NONE, NONE);
    }

    /// Adds a comment at the end of an element.
    pub fn append_comment(&mut self, parent: NodeId, text: &str) {
        let span = self.store(text);
        let line = self.node(parent).line;
        let comment = self.push(super::Span::default(), COMMENT, line);
        self.nodes[comment as usize].text = span;
        self.link_last(parent, NodeId(comment));
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        let mut at = Some(inner);
        while let Some(node) = at {
            if node == outer {
                return true;
            }
            at = self.parent(node);
        }
        false
    }

    /// An element of no parent, at the line of another.
    fn create(&mut self, near: NodeId, name: &str) -> NodeId {
        let line = self.node(near).line;
        let span = self.store(name);
        NodeId(self.push(span, digest(name), line))
    }

    fn shallow_copy(&mut self, node: NodeId) -> NodeId {
        let mut copy = self.node(node).clone();
        (copy.parent, copy.previous, copy.next) = (NONE, NONE, NONE);
        (copy.first_child, copy.last_child, copy.first_attribute) = (NONE, NONE, NONE);
        let mut at = self.node(node).first_attribute;
        let mut last = NONE;
        while let Some(attribute) = self.attributes.get(at as usize).cloned() {
            at = attribute.next;
            self.attributes.push(Attribute { next: NONE, ..attribute });
            let added = self.attributes.len() as u32 - 1;
            match self.attributes.get_mut(last as usize) {
                Some(before) => before.next = added,
                None => copy.first_attribute = added,
            }
            last = added;
        }
        self.nodes.push(copy);
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn link_last(&mut self, parent: NodeId, child: NodeId) {
        let last = self.node(parent).last_child;
        match self.nodes.get_mut(last as usize) {
            Some(before) => before.next = child.0,
            None => self.nodes[parent.0 as usize].first_child = child.0,
        }
        self.nodes[parent.0 as usize].last_child = child.0;
        let linked = &mut self.nodes[child.0 as usize];
        (linked.parent, linked.previous, linked.next) = (parent.0, last, NONE);
    }

    fn link_before(&mut self, sibling: NodeId, child: NodeId) {
        let &super::Node { parent, previous, .. } = self.node(sibling);
        if parent == NONE {
            return;
        }
        match self.nodes.get_mut(previous as usize) {
            Some(before) => before.next = child.0,
            None => self.nodes[parent as usize].first_child = child.0,
        }
        self.nodes[sibling.0 as usize].previous = child.0;
        let linked = &mut self.nodes[child.0 as usize];
        (linked.parent, linked.previous, linked.next) = (parent, previous, sibling.0);
    }
}
