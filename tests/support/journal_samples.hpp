#pragma once
// Journals for tests: made-up rows, and all that a journal says, for comparison.

#include <filesystem>
#include <string>
#include <vector>

#include "runner/journal/run_directory.hpp"
#include "runner/journal/writer.hpp"

namespace joust::test {

journal::RunIdentity sample_identity();

// What a made-up world `task` gives; different for each.
std::string sample_result(TaskIndex task, std::size_t size = 40);

// Adds the result of `task` to `batch`.
void add_result(journal::Batch& batch, TaskIndex task, std::size_t size = 40);

// Fills the queue's next place, waiting while it is full.
void submit(journal::Writer& writer, journal::Batch& batch);

// Every row that decides a table, as text; one line each.
std::vector<std::string> dump(const std::filesystem::path& run_dir);

}  // namespace joust::test
