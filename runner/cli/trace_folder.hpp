#pragma once
// Where the tables of a world go that explains itself: `joust replay --trace FOLDER`.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/world_trace.hpp"

namespace joust::cli {

// Keeps all that a world tells.
struct CollectedTrace : WorldTrace {
  void table(std::string_view name, std::string_view text) override {
    tables.emplace_back(name, text);
  }
  void summary(const SummaryTable& table) override { summaries.push_back(table); }

  std::vector<std::pair<std::string, std::string>> tables;  // name, text
  std::vector<SummaryTable> summaries;
};

// Makes the folder. Throws BadRequest when there is anything in it already, or when it is where a
// run keeps its own files; JournalError when it cannot be made.
void prepare_trace_folder(const std::filesystem::path& folder);

// REQUIRES: the folder was prepared. Throws JournalError.
void write_trace(const std::filesystem::path& folder, const CollectedTrace& trace);

}  // namespace joust::cli
