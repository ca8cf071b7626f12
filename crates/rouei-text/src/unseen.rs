//! What no reader sees as text: scripts, forms, what is hidden.

use crate::page::Page;

/// Elements that no reader sees as text of the page.
pub(crate) fn drop_unseen(page: &mut Page<'_>) {
    for at in 0..page.nodes.len() {
        let Some(element) = page.element(at) else { continue };
        let unseen = matches!(
            element.name(),
            "head"
                | "script"
                | "style"
                | "noscript"
                | "template"
                | "iframe"
                | "svg"
                | "math"
                | "object"
                | "embed"
                | "audio"
                | "video"
                | "canvas"
                | "select"
                | "button"
                | "input"
                | "textarea"
                | "datalist"
                | "dialog"
                | "progress"
                | "meter"
                | "map"
                | "noframes"
                | "option"
        );
        // One walk over the attributes, which are few.
        let hidden = element.attrs().any(|(name, value)| match name {
            "hidden" => true,
            "aria-hidden" => value.trim() == "true",
            "style" => hides(value),
            _ => false,
        });
        if (unseen || hidden) && !matches!(element.name(), "html" | "body") {
            page.nodes[at].dropped = true;
        }
    }
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
