#pragma once
// standings.csv and pairwise.csv: the standings and how sure they are. README.md beside this file
// has the columns, STATISTICS.md what the numbers mean.

#include <cstdint>
#include <map>

#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/standings.hpp"

namespace joust::scoring {

// By competitor index: failed attempts that the evidence charges to it.
using ChargedFailures = std::map<std::uint32_t, std::uint64_t>;

// Competitors have the names of the spec here. Undefined numbers, and all that was not inferred,
// are empty cells; a competitor without a rank has an empty one. Throw JournalError when the file
// can not be written.
void write_standings(AtomicFile& file, const Standings& standings, const ChargedFailures& charged);
void write_pairwise(AtomicFile& file, const Standings& standings);

}  // namespace joust::scoring
