#include "runner/cluster/submission_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "runner/cluster/sbatch_line.hpp"
#include "runner/cluster/slurm.hpp"
#include "runner/journal/files.hpp"
#include "runner/journal/new_folder.hpp"
#include "runner/report/human.hpp"
#include "runner/report/status_file.hpp"

namespace joust::cluster {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_exists(const fs::path& dir) {
  throw journal::JournalError(fmt::format(
      "{} exists already; look at it: joust status {}, or choose another folder with --out",
      dir.string(), report::shell_word(dir.string())));
}

std::optional<ShardProgress> read_progress(const fs::path& run) {
  try {
    const auto status = report::read_status(run);
    if (!status) return std::nullopt;
    return ShardProgress{status->worlds_done, status->worlds_failed, status->worlds_void,
                         status->worlds_running, status->worlds_per_second};
  } catch (const journal::JournalError&) {
    return std::nullopt;
  }
}

}  // namespace

ScriptFacts script_facts(const Submission& submission, const fs::path& dir) {
  return {submission.name, submission.joust, dir, submission.shards,
          seconds_to_stop(submission.options)};
}

void make_submission_folder(const fs::path& dir, const Submission& submission,
                            const journal::RunIdentity& identity) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(dir, error))) fail_exists(dir);
  journal::NewFolder folder(dir);
  journal::RunDirectory::create(folder.path() / "tournament", identity);
  for (const char* name : {"logs", "state", "shards"}) {
    const fs::path path = folder.path() / name;
    if (::mkdir(path.c_str(), 0777) != 0) journal::fail_system(path, "create it", errno);
  }
  const ScriptFacts facts = script_facts(submission, dir);
  journal::write_new_file(folder.path() / "shard.sh", shard_script(facts));
  journal::write_new_file(folder.path() / "merge.sh", merge_script(facts));
  for (const char* script : {"shard.sh", "merge.sh"}) {
    ::chmod((folder.path() / script).c_str(), 0755);  // for people; sbatch needs it not
  }
  write_submission(folder.path(), submission);
  if (!folder.take_name()) fail_exists(dir);
}

UniqueFd lock_submission(const fs::path& dir) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  throw ClusterError(fmt::format(
      "{}: another joust submits or cancels its jobs just now; look at it: joust status {}",
      dir.string(), report::shell_word(dir.string())));
}

std::vector<ShardFacts> read_shards(const fs::path& dir, const Submission& submission) {
  std::vector<ShardFacts> facts;
  for (std::uint32_t shard = 1; shard <= submission.shards; ++shard) {
    const std::string name = shard_name(shard);
    facts.push_back({shard, read_note(dir, name), read_progress(dir / "shards" / name)});
  }
  return facts;
}

Picture look_at_submission(const fs::path& dir) {
  const Submission submission = read_submission(dir);
  SlurmView slurm;
  if (submission.rounds.empty()) {
    slurm.queue.emplace();  // it has no jobs
  } else {
    slurm = look_at_queue(submission.rounds.back());
  }
  // only now: what the files say must not be older than what the queue says
  const std::vector<ShardFacts> facts = read_shards(dir, submission);
  if (slurm.queue && !submission.rounds.empty()) {
    add_accounting(slurm, submission.rounds.back(), facts);
  }
  return make_picture(submission, facts, read_note(dir, "merge"), slurm);
}

}  // namespace joust::cluster
