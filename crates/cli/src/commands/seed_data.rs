//! Reads seed data from a file, JSON or TOML, and says where something in it is wrong.

use anyhow::Context as _;
use sandbox::Filling;
use std::path::Path;

/// How large such a file may be, bytes.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Reads it, and holds every value against what it may be.
pub(crate) fn read(file: &Path) -> anyhow::Result<Filling> {
    let name = file.display();
    let about = std::fs::metadata(file).with_context(|| format!("`{name}` cannot be read"))?;
    if about.len() > MOST_BYTES {
        anyhow::bail!("`{name}` has {} bytes; at most {MOST_BYTES}", about.len());
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("`{name}` cannot be read"))?;
    let is_toml = file
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("toml"));
    let filling: Filling = if is_toml {
        toml::from_str(&text).map_err(|error| wrong_toml(&text, &error))
    } else {
        serde_json::from_str(&text).map_err(|error| anyhow::anyhow!("{error}"))
    }
    .with_context(|| {
        format!("`{name}` is no seed data; docs/guide/worlds.md says what it may hold")
    })?;
    filling
        .check()
        .with_context(|| format!("a value in `{name}` is none"))?;
    Ok(filling)
}

fn wrong_toml(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    anyhow::anyhow!("{} at line {line}", error.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(name: &str, text: &str) -> Result<Filling, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        read(&file).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn json_and_toml_say_the_same() {
        let json = r#"{"accounts": [{"logon_id": "a@b.cn", "balance": "5.00", "cards": [{"bank": "ABC"}]}],
            "trades": [{"out_trade_no": "N1", "total_amount": "1.00", "buyer": "a@b.cn"}]}"#;
        let toml = "[[accounts]]\nlogon_id = \"a@b.cn\"\nbalance = \"5.00\"\ncards = [{ bank = \"ABC\" }]\n\n[[trades]]\nout_trade_no = \"N1\"\ntotal_amount = \"1.00\"\nbuyer = \"a@b.cn\"\n";
        let (json, toml) = (tried("a.json", json), tried("a.toml", toml));
        assert!(json.is_ok(), "{json:?}");
        assert_eq!(json, toml);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (name, text, wanted) in [
            (
                "a.json",
                "{\n \"acounts\": []}",
                vec!["acounts", "line 2", "accounts"],
            ),
            ("a.json", "{", vec!["line 1"]),
            (
                "a.json",
                r#"{"accounts": [{"logon_id": "a@b.cn", "balance": 5}]}"#,
                vec!["line 1"],
            ),
            (
                "a.toml",
                "[[trades]]\nout_trade_no = \"N1\"\ntotal = \"1.00\"\n",
                vec!["`total`", "line 3", "total_amount"],
            ),
            (
                "a.toml",
                "[[accounts]]\nlogon_id = \"nobody\"\n",
                vec!["accounts[0].logon_id", "e-mail"],
            ),
            (
                "a.json",
                r#"{"accounts": [{"logon_id": "a@b.cn", "cards": [{"bank": "XYZ"}]}]}"#,
                vec!["accounts[0].cards[0].bank", "ICBC"],
            ),
            (
                "a.json",
                r#"{"trades": [{"out_trade_no": "N1", "total_amount": "1.00", "app": "mall"}]}"#,
                vec!["trades[0].app", "`mall`"],
            ),
            (
                "a.json",
                r#"{"trades": [{"out_trade_no": "N1", "total_amount": "1.00", "refunds": [{"out_request_no": "R", "amount": "1.01"}]}]}"#,
                vec!["trades[0].refunds[0].amount", "1.00"],
            ),
            (
                "a.json",
                r#"{"trades": [{"out_trade_no": "N1", "total_amount": "0.00"}]}"#,
                vec!["trades[0].total_amount", "0.01"],
            ),
            (
                "a.json",
                r#"{"apps": [{"name": "a", "profile": "lax"}]}"#,
                vec!["apps[0].profile", "strict"],
            ),
            (
                "a.json",
                r#"{"apps": [{"name": "a"}, {"name": "a"}]}"#,
                vec!["apps[1].name", "twice"],
            ),
            (
                "a.json",
                r#"{"apps": [{"name": "a", "app_id": "7"}]}"#,
                vec!["apps[0].app_id", "16 digits"],
            ),
        ] {
            let said = tried(name, text).expect_err(text);
            assert!(said.contains(name), "{said}");
            for word in wanted {
                assert!(said.contains(word), "{said} has no {word}");
            }
        }
    }
}
