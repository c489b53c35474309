#include "runner/cluster/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/cluster/program_run.hpp"
#include "runner/report/printable.hpp"

namespace joust::cluster {
namespace {

constexpr Duration kPatience = std::chrono::seconds(60);
constexpr Duration kPatienceToLook = std::chrono::seconds(20);

std::vector<std::string> on_cluster(std::vector<std::string> words, const std::string& cluster) {
  if (!cluster.empty()) words.insert(words.begin() + 1, "--clusters=" + cluster);
  return words;
}

// What it said went wrong, on one line.
std::string words_of(const std::string& program, const ProgramEnd& end) {
  if (end.late) return fmt::format("{} did not answer in time", program);
  const std::string said = report::printable(end.err.empty() ? end.out : end.err);
  const std::size_t last = said.find_last_not_of(' ');
  if (last == std::string::npos) {
    return fmt::format("{} ended with exit code {} and said nothing", program, end.code);
  }
  return said.substr(0, last + 1);
}

// Slurm forgets jobs some minutes after their end.
bool is_forgotten(const ProgramEnd& end) {
  return end.err.find("Invalid job id") != std::string::npos ||
         end.err.find("already completing or completed") != std::string::npos;
}

std::vector<std::string> queue_line(const Round& round) {
  std::vector<std::string> line = {"squeue", "--noheader", "--array"};
  line.push_back(fmt::format("--format={}", kQueueFormat));
  line.push_back(fmt::format("--jobs={}{}{}", round.array_job, round.array_job.empty() ? "" : ",",
                             round.merge_job));
  return on_cluster(std::move(line), round.cluster);
}

std::vector<std::string> accounting_line(const Round& round) {
  std::vector<std::string> line = {"sacct", "--noheader", "--parsable2", "--allocations"};
  line.emplace_back("--format=JobID,State");
  line.push_back(fmt::format("--jobs={}", round.array_job));
  return on_cluster(std::move(line), round.cluster);
}

bool may_be_in_accounting(const ShardFacts& facts, const Queue& queue) {
  return facts.note.kind != NoteKind::ended && !queue.shards.contains(facts.shard);
}

}  // namespace

JobId submit_job(const std::vector<std::string>& sbatch_line) {
  const ProgramEnd end = run_program(sbatch_line, kPatience);
  if (end.late) {
    throw ClusterError(
        "sbatch did not answer within a minute and was ended; look with squeue whether it has "
        "submitted the job all the same");
  }
  if (end.code != 0) throw ClusterError(words_of("sbatch", end));
  const auto job = parse_job_id(end.out);
  if (!job) {
    throw ClusterError(fmt::format("sbatch printed no job id, but '{}'",
                                   report::clip(report::printable(end.out), 200)));
  }
  return *job;
}

void release_job(const JobId& job) {
  const ProgramEnd end =
      run_program(on_cluster({"scontrol", "release", job.id}, job.cluster), kPatience);
  if (end.code != 0)
    throw ClusterError("Slurm does not let the array start: " + words_of("scontrol", end));
}

void cancel_job(const JobId& job) {
  const ProgramEnd end =
      run_program(on_cluster({"scancel", "--quiet", job.id}, job.cluster), kPatience);
  if (end.code != 0 && !is_forgotten(end)) throw ClusterError(words_of("scancel", end));
}

SlurmView look_at_queue(const Round& round) {
  SlurmView view;
  try {
    const ProgramEnd end = run_program(queue_line(round), kPatienceToLook);
    if (end.code != 0 && !is_forgotten(end)) throw ClusterError(words_of("squeue", end));
    view.queue = parse_queue(end.out, round.array_job, round.merge_job);
  } catch (const ClusterError& error) {
    view.trouble = error.what();
  }
  return view;
}

void add_accounting(SlurmView& view, const Round& round, const std::vector<ShardFacts>& facts) {
  const bool is_wanted = !round.array_job.empty() &&
                         std::any_of(facts.begin(), facts.end(), [&](const ShardFacts& each) {
                           return may_be_in_accounting(each, *view.queue);
                         });
  if (!is_wanted) return;
  try {
    const ProgramEnd end = run_program(accounting_line(round), kPatienceToLook);
    view.accounting = parse_accounting(end.out, round.array_job);
  } catch (const ClusterError&) {  // many clusters have no accounting
  }
}

std::optional<std::uint32_t> ask_highest_array_index() {
  try {
    return highest_array_index(run_program({"scontrol", "show", "config"}, kPatienceToLook).out);
  } catch (const ClusterError&) {
    return std::nullopt;
  }
}

}  // namespace joust::cluster
