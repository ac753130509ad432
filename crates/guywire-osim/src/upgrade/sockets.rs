//! Connectors, which became sockets.

use crate::description::NodeId;
use crate::xml::Document;

/// `<connectors>`, then `connector_…_connectee_name`, then `socket_…_connectee_name`, now `socket_…`.
pub(super) fn upgrade(document: &mut Document, node: NodeId, version: u32) {
    if version < 30_508
        && let Some(connectors) = document.child(node, "connectors")
    {
        for connector in document.children(connectors).collect::<Vec<_>>() {
            let name = document.attribute(connector, "name").unwrap_or_default().to_owned();
            let path = super::text(document, connector, "connectee_name").unwrap_or_default();
            let socket = document.insert_before(connectors, &format!("socket_{name}"));
            document.set_text(socket, &path);
        }
        document.remove(connectors);
    }
    if version <= 30_516 {
        for child in document.children(node).collect::<Vec<_>>() {
            let name = document.name(child);
            let bare = name.strip_prefix("connector_").or_else(|| name.strip_prefix("socket_"));
            if let Some(bare) = bare {
                let bare = bare.strip_suffix("_connectee_name").unwrap_or(bare);
                let renamed = format!("socket_{bare}");
                document.set_name(child, &renamed);
            }
        }
    }
}

/// Adds a socket.
pub(super) fn add(document: &mut Document, node: NodeId, name: &str, path: &str) {
    document.append_text(node, &format!("socket_{name}"), path);
}
