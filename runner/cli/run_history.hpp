#pragma once
// What a session begins with: what the sessions before it left, as the core wants it.

#include "common/tournament.hpp"
#include "runner/core/ledger.hpp"
#include "runner/journal/reader.hpp"

namespace joust::cli {

// Of a run that is about to begin.
core::LedgerHistory empty_history(const Tournament& tournament);

// Which worlds are done or given up, whose fault that is, and which attempts were charged. Throws
// JournalError.
core::LedgerHistory read_history(const journal::Reader& reader, const Tournament& tournament,
                                 const Plan& plan);

}  // namespace joust::cli
