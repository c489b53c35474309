#include "tests/support/process_spec.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "common/result_codec.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/schema.hpp"
#include "tests/support/process_joust.hpp"

namespace joust::test {

namespace fs = std::filesystem;

std::string to_toml(const SpecText& spec) {
  std::string text = fmt::format(
      "[tournament]\nname = \"{}\"\nseed = {}\nconfigs = {}\n{}\n\n[world]\nname = \"{}\"\n{}\n"
      "\n[world.parameters]\n{}\n\n[workers]\n{}\n",
      spec.name, spec.seed, spec.configs, spec.of_tournament, spec.world, spec.of_world,
      spec.parameters, spec.of_workers);
  for (const std::string& name : spec.competitors) {
    text += fmt::format("\n[[competitor]]\nname = \"{}\"\ntype = \"{}\"\n", name,
                        spec.type.empty() ? name : spec.type);
  }
  return text;
}

SpecText dilemma(int configs, int rounds) {
  SpecText spec;
  spec.world = "prisoners-dilemma";
  spec.configs = configs;
  spec.type.clear();
  spec.competitors = {"TitForTat", "Defector", "Random", "Joss"};
  spec.parameters = fmt::format("rounds = {}\nnoise = 0.05", rounds);
  return spec;
}

SpecText busy_worlds(int configs, const std::string& work) {
  SpecText spec;
  spec.configs = configs;
  spec.parameters = fmt::format("work = \"{}\"", work);
  return spec;
}

fs::path write_spec(const fs::path& folder, const SpecText& spec) {
  const fs::path file = folder / (spec.name + ".toml");
  write_text(file, to_toml(spec));
  return file;
}

std::map<std::string, std::string> files_under(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) {
      files[fs::relative(file.path(), folder).string()] = read_text(file.path());
    }
  }
  return files;
}

std::map<std::string, std::string> tables_of(const fs::path& run_dir) {
  std::map<std::string, std::string> tables;
  for (const auto& folder : fs::directory_iterator(run_dir)) {
    if (folder.path().filename().string().find("-stage-") == std::string::npos) continue;
    tables.merge(files_under(folder.path()));
  }
  for (const char* timed : {"world_stats.csv", "type_stats.csv", "agent_stats.csv"}) {
    if (tables.erase(timed) == 0) {
      throw std::runtime_error(fmt::format("no {} in the tables of {}", timed, run_dir.string()));
    }
  }
  return tables;
}

nlohmann::json report_of(const fs::path& run_dir) {
  const Finished report = joust({"report", run_dir.string(), "--format", "json"});
  if (report.code != 0) throw std::runtime_error("joust report failed: " + report.err);
  return nlohmann::json::parse(report.out);
}

std::vector<nlohmann::json> events_of(const fs::path& run_dir) {
  std::vector<nlohmann::json> events;
  std::ifstream file(run_dir / "events.jsonl");
  for (std::string line; std::getline(file, line);) {
    auto event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_discarded()) events.push_back(std::move(event));
  }
  return events;
}

std::uint64_t results_in(const fs::path& run_dir) {
  return fs::exists(run_dir) ? journal::Reader(run_dir).counts().results : 0;
}

std::vector<journal::FailedAttempt> failed_attempts_of(const fs::path& run_dir) {
  std::vector<journal::FailedAttempt> attempts;
  journal::Reader(run_dir).for_each_failed_attempt(
      [&](const journal::FailedAttempt& attempt) { attempts.push_back(attempt); });
  return attempts;
}

std::vector<WorldResult> results_of(const fs::path& run_dir) {
  std::vector<WorldResult> results;
  journal::Reader(run_dir).for_each_result([&](const journal::ResultRow& row) {
    results.push_back(decode_result(row.encoded).value());
  });
  return results;
}

void exchange_results(const std::filesystem::path& run_dir, TaskIndex from, TaskIndex to) {
  std::string bytes;
  journal::ResultRow row;
  const auto read = [&](TaskIndex task,
                        const std::function<void(const journal::ResultRow&)>& take) {
    REQUIRE(journal::Reader(run_dir).visit_result(task, take));
  };
  read(to, [&](const journal::ResultRow& found) { bytes = found.encoded; });
  read(from, [&](const journal::ResultRow& found) { row = found; });
  row.encoded = bytes;
  const journal::Database database(run_dir / "run.db", journal::Database::Mode::write);
  journal::Statement change(database,
                            "UPDATE result SET encoded = ?1, checksum = ?2 WHERE task = ?3");
  change.bind_bytes(1, bytes);
  change.bind(2, journal::row_checksum(row));
  change.bind(3, static_cast<std::int64_t>(from));
  change.run();
}

}  // namespace joust::test
