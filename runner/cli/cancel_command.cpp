#include "runner/cli/cancel_command.hpp"

#include <fmt/format.h>

#include "runner/cli/bad_input.hpp"
#include "runner/cluster/slurm.hpp"
#include "runner/cluster/submission_folder.hpp"
#include "runner/journal/journal.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

void cancel(const CancelArguments& arguments) {
  const std::filesystem::path& dir = arguments.dir;
  cluster::Submission submission = cluster::read_submission(dir);
  const UniqueFd lock = cluster::lock_submission(dir);
  if (submission.rounds.empty()) {
    throw cluster::ClusterError(
        fmt::format("{}: no job is recorded: 'joust submit' was stopped before it had submitted "
                    "any; squeue lists what is in Slurm's queue",
                    dir.string()));
  }
  cluster::Round& round = submission.rounds.back();
  const cluster::SlurmView slurm = cluster::look_at_queue(round);
  if (slurm.queue && slurm.queue->empty()) {
    fmt::print("none of its jobs is in Slurm's queue\n");
    return;
  }
  // the merging first: it would begin when the others are gone
  cluster::cancel_job({round.merge_job, round.cluster});
  if (!round.array_job.empty()) cluster::cancel_job({round.array_job, round.cluster});
  round.is_cancelled = true;
  cluster::write_submission(dir, submission);
  const std::string program = report::shell_word(arguments.program);
  const std::string folder = report::shell_word(dir.string());
  fmt::print(
      "cancelled: {}merge job {}. Worlds that are done stay done.\n"
      "{} resume {}   (plays what is missing)\n"
      "{} merge {}/shards/* --out FOLDER   (merges what there is)\n",
      round.array_job.empty() ? "" : fmt::format("array job {} and ", round.array_job),
      round.merge_job, program, folder, program, folder);
}

}  // namespace

int cancel_command(const CancelArguments& arguments) {
  try {
    cancel(arguments);
    return kAllCounted;
  } catch (const cluster::ClusterError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
