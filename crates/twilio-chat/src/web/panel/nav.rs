//! The navigation: one table in the order shown. An entry appears when its route does.

use crate::{i18n::Lang, t, web::routes::Route};

/// One place to go.
#[derive(Debug)]
pub(crate) struct Entry {
    path: &'static str,
    icon: &'static str,
    label: fn(Lang) -> &'static str,
}

/// An entry as one page shows it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) path: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) label: &'static str,
    pub(crate) is_here: bool,
}

static ENTRIES: [Entry; 11] = [
    Entry { path: "/", icon: "home", label: |lang| t!(lang, "shell.nav.home") },
    Entry { path: "/chat", icon: "chat", label: |lang| t!(lang, "shell.nav.chat") },
    Entry { path: "/auto-reply", icon: "reply", label: |lang| t!(lang, "shell.nav.auto_reply") },
    Entry { path: "/ai", icon: "spark", label: |lang| t!(lang, "shell.nav.ai") },
    Entry { path: "/news", icon: "news", label: |lang| t!(lang, "shell.nav.news") },
    Entry { path: "/reminders", icon: "bell", label: |lang| t!(lang, "shell.nav.reminders") },
    Entry { path: "/multi-sms", icon: "layers", label: |lang| t!(lang, "shell.nav.multi_sms") },
    Entry { path: "/listeners", icon: "ear", label: |lang| t!(lang, "shell.nav.listeners") },
    Entry { path: "/contacts", icon: "people", label: |lang| t!(lang, "shell.nav.contacts") },
    Entry { path: "/demo/phone", icon: "phone", label: |lang| t!(lang, "shell.nav.phone") },
    Entry { path: "/settings", icon: "gear", label: |lang| t!(lang, "shell.nav.settings") },
];

impl Entry {
    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }
}

/// The entries whose pages are in the route table.
pub(crate) fn of(routes: &[Route]) -> std::sync::Arc<[&'static Entry]> {
    let has_page =
        |entry: &&Entry| routes.iter().any(|route| route.method == "GET" && route.path == entry.path);
    ENTRIES.iter().filter(has_page).collect()
}

/// The entries as the page at `path` shows them.
pub(super) fn links(entries: &[&'static Entry], path: &str, lang: Lang) -> Vec<Link> {
    let link = |entry: &&'static Entry| Link {
        path: entry.path,
        icon: entry.icon,
        label: (entry.label)(lang),
        is_here: is_within(path, entry.path) || is_tab_of(path, entry.path),
    };
    entries.iter().map(link).collect()
}

/// Whether a page belongs to an entry: it is its page or one below it.
fn is_within(path: &str, entry: &str) -> bool {
    match path.strip_prefix(entry) {
        Some("") => true,
        Some(rest) => entry != "/" && rest.starts_with('/'),
        None => false,
    }
}

/// Whether a page that stands elsewhere is reached by a tab of an entry's page.
fn is_tab_of(path: &str, entry: &str) -> bool {
    entry == "/contacts" && is_within(path, "/consents")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consents_are_a_tab_of_contacts() {
        for (path, entry, expect) in [
            ("/consents", "/contacts", true),
            ("/consents", "/chat", false),
            ("/contacts", "/contacts", false),
            ("/consentsx", "/contacts", false),
        ] {
            assert_eq!(is_tab_of(path, entry), expect, "{path} in {entry}");
        }
    }

    #[test]
    fn a_page_belongs_to_its_entry_and_those_above_it() {
        for (path, entry, expect) in [
            ("/", "/", true),
            ("/settings", "/", false),
            ("/settings", "/settings", true),
            ("/settings/users", "/settings", true),
            ("/settingsx", "/settings", false),
            ("/chat/+48500100200", "/chat", true),
        ] {
            assert_eq!(is_within(path, entry), expect, "{path} in {entry}");
        }
    }
}
