// Which room may include what. The core of the supervisor decides and does nothing: the day it
// includes a header of the system or of Boost, it can no longer be simulated.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;  // relative to the source folder
  std::string header;
  bool quoted = false;
};

std::vector<Include> includes_of(const fs::path& path) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::ifstream in(path);
  std::vector<Include> found;
  std::smatch match;
  for (std::string line; std::getline(in, line);) {
    if (!std::regex_search(line, match, pattern)) continue;
    found.push_back(
        {fs::relative(path, JOUST_SOURCE_DIR).string(), match[2].str(), match[1].str() == "\""});
  }
  return found;
}

std::vector<Include> includes_below(const std::string& folder) {
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(JOUST_SOURCE_DIR) / folder)) {
    const fs::path extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    for (Include& include : includes_of(entry.path())) found.push_back(std::move(include));
  }
  REQUIRE(!found.empty());
  return found;
}

bool begins_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return text.rfind(beginning, 0) == 0; });
}

// Pure: values and arithmetic. Clocks, threads, files and streams are not on the list.
const std::set<std::string> kPureStandard = {
    "algorithm", "array",       "bit",           "chrono",        "compare",    "concepts",
    "cstddef",   "cstdint",     "cstring",       "deque",         "functional", "initializer_list",
    "iterator",  "limits",      "map",           "memory",        "numeric",    "optional",
    "queue",     "set",         "span",          "stdexcept",     "string",     "string_view",
    "tuple",     "type_traits", "unordered_map", "unordered_set", "utility",    "variant",
    "vector"};
const std::set<std::string> kPureCommon = {
    "common/ids.hpp",           "common/time.hpp",
    "common/cause.hpp",         "common/tournament.hpp",
    "common/plan.hpp",          "common/world.hpp",
    "common/parameters.hpp",    "common/command_setup.hpp",
    "common/resource_file.hpp", "common/disqualification.hpp",
    "common/agent_setup.hpp",   "common/shard.hpp"};

bool is_pure(const std::string& header) {
  return kPureStandard.contains(header) || kPureCommon.contains(header) ||
         begins_with_any(header, {"fmt/", "runner/core/"});
}

void expect_no_include(const std::string& room, const std::vector<std::string>& forbidden) {
  for (const Include& include : includes_below(room)) {
    INFO(include.file, " includes ", include.header);
    CHECK(!begins_with_any(include.header, forbidden));
  }
}

}  // namespace

TEST_CASE("the core includes nothing but values and arithmetic") {
  for (const Include& include : includes_below("runner/core")) {
    INFO(include.file, " includes ", include.header);
    CHECK(is_pure(include.header));
  }
}

TEST_CASE("the headers of common that the core may use are pure themselves") {
  for (const std::string& header : kPureCommon) {
    for (const Include& include : includes_of(fs::path(JOUST_SOURCE_DIR) / header)) {
      INFO(include.file, " includes ", include.header);
      CHECK(is_pure(include.header));
      CHECK(!begins_with_any(include.header, {"runner/"}));
    }
  }
}

TEST_CASE("the core reads no clock") {
  for (const auto& entry : fs::directory_iterator(fs::path(JOUST_SOURCE_DIR) / "runner/core")) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      INFO(entry.path().filename().string(), ": ", line);
      CHECK(line.find("_clock") == std::string::npos);
    }
  }
}

TEST_CASE("common depends on no other room, and the two programs not on each other") {
  expect_no_include("common", {"runner/", "worker/", "tests/", "tools/", "benchmarks/"});
  expect_no_include("worker", {"runner/", "tests/", "benchmarks/"});
  expect_no_include("runner", {"worker/", "tests/", "benchmarks/"});
}

TEST_CASE("no room reaches into another by a relative path") {
  for (const std::string room : {"common", "runner", "worker"}) {
    expect_no_include(room, {"../", "./"});
  }
}
