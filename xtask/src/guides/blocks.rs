//! The pieces of code in a guide.

use std::path::Path;

use anyhow::{Context as _, Result};

/// A piece of code, as it stands in the guide.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Block {
    /// What the fence says: `python`, `sh`, …
    pub(super) language: String,
    /// The code.
    pub(super) text: String,
}

/// All pieces of a guide's file.
pub(super) fn read(file: &Path) -> Result<Vec<Block>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the guide {} is missing", file.display()))?;
    Ok(blocks(&text))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(language), None) => {
                open = Some(Block {
                    language: language.trim().to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_taken_as_they_stand() {
        let found = blocks("# A\n```sh\nls\n\n  pwd\n```\ntext\n```python\nprint(1)\n```\n");
        let block = |language: &str, text: &str| Block {
            language: language.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(
            found,
            [block("sh", "ls\n\n  pwd\n"), block("python", "print(1)\n")]
        );
    }
}
