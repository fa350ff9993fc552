use super::*;

const FILE: &[u8] = b"TWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef\nAPI_TOKEN=short\n\
OPENAI_API_KEY=sk-0123456789abcdefWXYZ\nPUBLIC_BASE_URL=https://ewa:hush@sms.example.com\n\
OPENAI_BASE_URL=htp//hush\nAI_SYSTEM_PROMPT=\"Jestes mila\nasystentka, ktora odpowiada krotko, rzeczowo i po polsku.\"\n\
FLASK_APP=run.py\nTWILIO_VALIDATE_SIGNATURE=false\n";

fn raw() -> RawConfig {
    RawConfig::merge([("APP_PORT".to_owned(), "3100".to_owned())], Some(FILE))
}

#[test]
fn the_table_says_value_and_source_and_no_secret() {
    let table = show(&raw(), Lang::En);
    let row = |name: &str| {
        let line = table.lines().find(|line| line.trim_start().starts_with(&format!("{name} "))).unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    for (name, expect) in [
        ("TWILIO_AUTH_TOKEN", "••••cdef .env, line 1"),
        ("API_TOKEN", "•••••••• .env, line 2"),
        ("OPENAI_API_KEY", "••••WXYZ .env, line 3"),
        ("PUBLIC_BASE_URL", "•••••••• .env, line 4"),
        ("SECOND_OPENAI_BASE_URL", "•••••••• default"),
        ("APP_PORT", "3100 environment"),
        ("DB_PATH", "data/app.db default"),
        ("LOG_LEVEL", "(empty)"),
        ("AI_SYSTEM_PROMPT", "Jestes mila asystentka, ktora odpowiada krotko, rzeczowo i p… .env, line 6"),
    ] {
        assert_eq!(row(name), expect, "{name}");
    }
    for secret in ["hush", "short", "0123456789", "sk-"] {
        assert!(!table.contains(secret), "{secret}: {table}");
    }
    for hint in [
        "FLASK_APP",
        "not checked",
        "SECOND_OPENAI is not",
        "3 errors",
        "OPENAI_BASE_URL (.env file, line 5)",
    ] {
        assert!(table.contains(hint), "{hint}: {table}");
    }
}

#[test]
fn sources_stand_in_one_column() {
    let table = show(&raw(), Lang::Pl);
    let columns: Vec<usize> = table
        .lines()
        .filter_map(|line| line.strip_suffix("  domyślne"))
        .map(|line| line.chars().count())
        .collect();
    assert!(columns.len() > 10 && columns.iter().all(|column| *column == columns[0]), "{table}");
}

#[test]
fn hints_of_keys_come_only_for_one_of_two() {
    for (file, expect) in
        [("", 0), ("OPENAI_API_KEY=a", 1), ("SECOND_OPENAI=a", 1), ("OPENAI_API_KEY=a\nSECOND_OPENAI=b", 0)]
    {
        let raw = RawConfig::merge([], Some(file.as_bytes()));
        let keys = hints(&raw, Lang::En).iter().filter(|hint| hint.contains("Neither key")).count();
        assert_eq!(keys, expect, "{file}");
    }
}

#[test]
fn json_for_programs() {
    let rows: Vec<serde_json::Value> = serde_json::from_str(&show_json(&raw())).unwrap();
    for (name, expect) in [
        (
            "TWILIO_AUTH_TOKEN",
            serde_json::json!({"value": "••••cdef", "secret": true, "source": ".env", "line": 1}),
        ),
        ("TWILIO_ACCOUNT_SID", serde_json::json!({"value": null, "secret": false, "source": "default"})),
    ] {
        let mut row = rows.iter().find(|row| row["name"] == name).unwrap().as_object().unwrap().clone();
        row.remove("name");
        let about = row.remove("about").unwrap();
        assert!(about["pl"].is_string() && about["en"].is_string(), "{about}");
        assert_eq!(serde_json::Value::from(row), expect, "{name}");
    }
    assert_eq!(rows.len(), names::all().count());
}
