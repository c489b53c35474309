#include "runner/cluster/submission.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "common/whole_file.hpp"
#include "runner/journal/files.hpp"
#include "runner/report/human.hpp"

namespace joust::cluster {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Another number: this joust cannot read it.
constexpr int kFormat = 1;

struct NamedOption {
  const char* name;
  std::optional<std::string> SlurmOptions::*value;
};
constexpr std::array<NamedOption, 7> kOptions = {{{"partition", &SlurmOptions::partition},
                                                  {"time", &SlurmOptions::time},
                                                  {"mem", &SlurmOptions::mem},
                                                  {"cpus", &SlurmOptions::cpus},
                                                  {"account", &SlurmOptions::account},
                                                  {"constraint", &SlurmOptions::constraint},
                                                  {"qos", &SlurmOptions::qos}}};

Json options_json(const SlurmOptions& options) {
  Json json = Json::object();
  for (const auto& [name, value] : kOptions) {
    if (options.*value) json[name] = *(options.*value);
  }
  if (!options.more.empty()) json["sbatch"] = options.more;
  if (options.max_running) json["max_running"] = *options.max_running;
  return json;
}

SlurmOptions options_from(const Json& json) {
  SlurmOptions options;
  for (const auto& [name, value] : kOptions) {
    if (json.contains(name)) options.*value = json.at(name).get<std::string>();
  }
  if (json.contains("sbatch")) options.more = json.at("sbatch").get<std::vector<std::string>>();
  if (json.contains("max_running")) {
    options.max_running = json.at("max_running").get<std::uint32_t>();
  }
  return options;
}

Json round_json(const Round& round) {
  return {{"at", round.at},
          {"array_job", round.array_job},
          {"merge_job", round.merge_job},
          {"cluster", round.cluster},
          {"shards", round.shards},
          {"cancelled", round.is_cancelled}};
}

Round round_from(const Json& json) {
  Round round;
  round.at = json.at("at").get<std::int64_t>();
  round.array_job = json.at("array_job").get<std::string>();
  round.merge_job = json.at("merge_job").get<std::string>();
  round.cluster = json.at("cluster").get<std::string>();
  round.shards = json.at("shards").get<std::string>();
  round.is_cancelled = json.at("cancelled").get<bool>();
  return round;
}

Submission submission_from(const Json& json) {
  Submission submission;
  submission.name = json.at("name").get<std::string>();
  submission.spec = json.at("spec").get<std::string>();
  submission.worlds = json.at("worlds").get<std::uint64_t>();
  submission.shards = json.at("shards").get<std::uint32_t>();
  submission.joust = json.at("joust").get<std::string>();
  submission.options = options_from(json.at("options"));
  for (const Json& round : json.at("submitted")) submission.rounds.push_back(round_from(round));
  return submission;
}

}  // namespace

std::string shard_name(std::uint32_t shard) { return fmt::format("{:04}", shard); }

bool is_submission(const fs::path& dir) {
  std::error_code error;
  return fs::exists(dir / kSubmissionFile, error);
}

Submission read_submission(const fs::path& dir) {
  const fs::path file = dir / kSubmissionFile;
  const auto text = read_whole_file(file);
  if (!text) {
    throw ClusterError(
        fmt::format("{} is no folder of 'joust submit': it has no {} that can be read",
                    dir.string(), kSubmissionFile));
  }
  try {
    const Json json = Json::parse(*text);
    if (json.at("format").get<int>() == kFormat) return submission_from(json);
  } catch (const nlohmann::json::exception& error) {
    throw ClusterError(fmt::format(
        "{} can not be understood ({}): it was damaged; 'joust merge {}/shards/* --out ...' still "
        "joins what was played",
        file.string(), error.what(), report::shell_word(dir.string())));
  }
  throw ClusterError(fmt::format("{} was written by a newer joust: use that one", file.string()));
}

void write_submission(const fs::path& dir, const Submission& submission) {
  Json json = {{"format", kFormat},
               {"scheduler", "slurm"},
               {"name", submission.name},
               {"spec", submission.spec},
               {"worlds", submission.worlds},
               {"shards", submission.shards},
               {"joust", submission.joust},
               {"made_by", "joust " JOUST_VERSION},
               {"options", options_json(submission.options)},
               {"submitted", Json::array()}};
  for (const Round& round : submission.rounds) json["submitted"].push_back(round_json(round));
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  journal::publish_file(dir / kSubmissionFile, text);
}

}  // namespace joust::cluster
