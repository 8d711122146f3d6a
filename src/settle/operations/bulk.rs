//! Several commands in one (`settlement.md#several-commands-in-one`).

use crate::command::Command;
use crate::command::settings::Limit;
use crate::error::{Code, Result, Site, SiteField};
use crate::settle::journal::Journal;
use crate::settle::operations::perform;

/// Each command is carried out or refused by itself, and sees what those before it did; with `atomic`, one refusal
/// refuses all. A command that could not be read is refused like any other, so that one report names every bad row.
///
/// # Errors
/// `limitExceeded`; with `atomic` those of the commands.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    commands: &[Result<Command>],
    atomic: bool,
) -> Result<()> {
    let list = Site::Command.field(SiteField::Commands);
    journal
        .context()
        .settings
        .limits
        .check(Limit::BulkCommands, commands.len(), &list)?;

    for (command_index, command) in commands.iter().enumerate() {
        let mark = journal.mark();
        let entry = list.entry(command_index);
        let done = match command {
            Ok(command) => perform(journal, command).map_err(|error| error.within(&entry)),
            // Its path is that of the request already.
            Err(unreadable) => Err(unreadable.clone()),
        };
        match done {
            Ok(subject) => journal.result(Ok(subject)),
            // Which commands a memory has room for is no property of theirs: one that is full refuses all of them.
            Err(error) if atomic || error.code() == Code::TooLarge => return Err(error),
            Err(error) => {
                journal.back_to(mark);
                journal.result(Err(error));
            }
        }
    }
    Ok(())
}
