#include "runner/cluster/sbatch_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/parse_number.hpp"

namespace joust::cluster {
namespace {

// The numbers between the colons; nothing when anything else is there.
std::optional<std::vector<std::uint64_t>> parts_of(std::string_view time) {
  std::vector<std::uint64_t> parts;
  for (;;) {
    const std::size_t colon = time.find(':');
    const auto part = parse_number<std::uint32_t>(time.substr(0, colon));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    if (colon == std::string_view::npos) return parts;
    time.remove_prefix(colon + 1);
  }
}

// What both jobs have in common, up to the options that the user gave.
std::vector<std::string> common_line(const Submission& submission, const std::filesystem::path& dir,
                                     std::string_view what) {
  return {"sbatch",
          "--parsable",
          fmt::format("--job-name=joust-{}{}", submission.name, what),
          "--chdir=" + dir.string(),
          "--requeue",
          "--open-mode=append",
          "--nodes=1",
          "--ntasks=1"};
}

// The user's own come last: of two, sbatch takes the later one.
void add_options(std::vector<std::string>& line, const SlurmOptions& options) {
  const auto add = [&line](const char* name, const std::optional<std::string>& value) {
    if (value) line.push_back(fmt::format("--{}={}", name, *value));
  };
  add("partition", options.partition);
  add("time", options.time);
  add("mem", options.mem);
  add("account", options.account);
  add("constraint", options.constraint);
  add("qos", options.qos);
  line.insert(line.end(), options.more.begin(), options.more.end());
}

}  // namespace

std::optional<std::uint64_t> slurm_seconds(std::string_view time) {
  const std::size_t dash = time.find('-');
  const bool has_days = dash != std::string_view::npos;
  const auto days = has_days ? parse_number<std::uint32_t>(time.substr(0, dash)) : 0U;
  const auto parts = parts_of(has_days ? time.substr(dash + 1) : time);
  if (!days || !parts || parts->size() > 3) return std::nullopt;
  // without days one part is minutes, and two are minutes and seconds; with days the first is hours
  const std::size_t first = has_days || parts->size() == 3 ? 0 : 1;
  std::uint64_t seconds = *days * 86400ULL;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    constexpr std::array<std::uint64_t, 3> kUnits = {3600, 60, 1};
    seconds += (*parts)[i] * kUnits[first + i];
  }
  return seconds;
}

std::uint32_t seconds_to_stop(const SlurmOptions& options) {
  constexpr std::uint32_t kUsual = 120;
  constexpr std::uint64_t kLeast = 10;
  constexpr std::uint64_t kMost = 600;
  const auto limit = options.time ? slurm_seconds(*options.time) : std::nullopt;
  if (!limit) return kUsual;
  return static_cast<std::uint32_t>(std::clamp(*limit / 10, kLeast, kMost));
}

std::string shard_list(const std::vector<std::uint32_t>& shards) {
  std::string list;
  for (std::size_t i = 0; i < shards.size();) {
    std::size_t last = i;
    while (last + 1 < shards.size() && shards[last + 1] == shards[last] + 1) ++last;
    if (!list.empty()) list += ',';
    list +=
        last == i ? fmt::format("{}", shards[i]) : fmt::format("{}-{}", shards[i], shards[last]);
    i = last + 1;
  }
  return list;
}

std::vector<std::string> array_line(const Submission& submission, const std::filesystem::path& dir,
                                    const std::string& list) {
  const SlurmOptions& options = submission.options;
  std::vector<std::string> line = common_line(submission, dir, "");
  const std::string most =
      options.max_running ? fmt::format("%{}", *options.max_running) : std::string();
  line.push_back(fmt::format("--array={}{}", list, most));
  line.emplace_back("--hold");
  line.push_back(fmt::format("--signal=B:USR1@{}", seconds_to_stop(options)));
  line.emplace_back("--output=logs/shard-%4a.log");
  if (options.cpus) line.push_back("--cpus-per-task=" + *options.cpus);
  add_options(line, options);
  line.push_back((dir / "shard.sh").string());
  return line;
}

std::vector<std::string> merge_line(const Submission& submission, const std::filesystem::path& dir,
                                    const std::string& array_job) {
  std::vector<std::string> line = common_line(submission, dir, "-merge");
  line.push_back(array_job.empty() ? "--hold" : "--dependency=afterany:" + array_job);
  line.emplace_back("--output=logs/merge.log");
  add_options(line, submission.options);
  line.push_back((dir / "merge.sh").string());
  return line;
}

}  // namespace joust::cluster
