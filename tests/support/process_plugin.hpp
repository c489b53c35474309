#pragma once
// The plugins of tests/plugins, specs that name one, and runs of them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {

// The file that tests/plugins/NAME.cpp is built into.
inline std::string library(const std::string& name) {
  return fmt::format("{}/lib{}.so", JOUST_PLUGIN_DIR, name);
}

// A spec of ten worlds; the plugin stands in line 5, column 10.
inline std::string plugin_toml(const std::string& plugin, const std::string& of_world = "",
                               const std::string& of_workers = "count = 2") {
  return fmt::format(
      "[tournament]\nname = \"t\"\n\n[world]\nplugin = \"{}\"\n{}\n"
      "[[competitor]]\ntype = \"Any\"\nname = \"Ann\"\n"
      "[[competitor]]\ntype = \"Any\"\nname = \"Bob\"\n[workers]\n{}\n",
      plugin, of_world, of_workers);
}

// The environment in which those of tests/plugins/broken*.cpp do that.
inline JoustOptions asked_to(const std::string& deed) {
  JoustOptions options;
  if (!deed.empty()) options.environment["JOUST_TEST_DEED"] = deed;
  return options;
}

// A run of a spec that has ended, and what it left.
struct PluginRun {
  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
  Finished finished;
  nlohmann::json report;
  std::vector<journal::FailedAttempt> failed;

  // `options`: further arguments. `files`: beside the spec, by name.
  explicit PluginRun(const std::string& spec, const std::vector<std::string>& options = {},
                     const std::map<std::string, std::string>& files = {}) {
    write_text(folder.path() / "t.toml", spec);
    for (const auto& [name, text] : files) write_text(folder.path() / name, text);
    std::vector<std::string> arguments = {"run", (folder.path() / "t.toml").string(), "--out",
                                          dir.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    finished = joust(arguments);
    CAPTURE(finished.err);
    REQUIRE(std::filesystem::exists(dir));
    report = report_of(dir);
    failed = failed_attempts_of(dir);
  }

  std::vector<WorldResult> results() const { return results_of(dir); }
};

}  // namespace joust::test
