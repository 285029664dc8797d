//! One line of a table into its cells.

/// The cells of a line, without the tabs and blanks that keep spreadsheets from turning numbers
/// into their own. A cell in double quotes may hold commas.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut cells = Vec::with_capacity(26);
    let mut rest = line;
    loop {
        let (cell, behind) = next(rest);
        cells.push(cell);
        match behind {
            Some(behind) => rest = behind,
            None => return cells,
        }
    }
}

/// The first cell, and what is behind its comma if there is one.
fn next(text: &str) -> (String, Option<&str>) {
    if let Some(quoted) = text.strip_prefix('"')
        && let Some((cell, behind)) = unquote(quoted)
    {
        return (trim(&cell), behind);
    }
    match text.split_once(',') {
        Some((cell, behind)) => (trim(cell), Some(behind)),
        None => (trim(text), None),
    }
}

/// A cell up to its closing quote; two quotes mean one. `None` when the quote never closes or
/// something else than a comma follows: then the quote belongs to the text.
fn unquote(text: &str) -> Option<(String, Option<&str>)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (part, behind) = rest.split_once('"')?;
        cell.push_str(part);
        if let Some(more) = behind.strip_prefix('"') {
            cell.push('"');
            rest = more;
            continue;
        }
        let behind = behind.trim_start_matches(['\t', ' ']);
        if behind.is_empty() {
            return Some((cell, None));
        }
        return Some((cell, Some(behind.strip_prefix(',')?)));
    }
}

fn trim(cell: &str) -> String {
    cell.trim_matches(|c: char| c == '\t' || c == ' ' || c == '\u{feff}')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;

    #[test]
    fn cuts_at_commas_and_trims_tabs() {
        assert_eq!(split("2019\t,x ,,\t"), ["2019", "x", "", ""]);
        assert_eq!(split("\"a,b\"\t,\"say \"\"x\"\"\""), ["a,b", "say \"x\""]);
        // A quote that is none.
        assert_eq!(split("\"15 寸,y"), ["\"15 寸", "y"]);
        assert_eq!(split("\"a\"b,c"), ["\"a\"b", "c"]);
        assert_eq!(split(""), [""]);
    }

    proptest! {
        #[test]
        fn any_line_is_cut(line in ".{0,200}") {
            let cells = split(&line);
            prop_assert!(!cells.is_empty());
            prop_assert!(cells.len() <= line.matches(',').count() + 1);
        }
    }
}
