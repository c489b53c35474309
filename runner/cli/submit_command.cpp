#include "runner/cli/submit_command.hpp"

#include <fmt/format.h>

#include <iostream>
#include <numeric>

#include "common/plan.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cluster/sbatch_line.hpp"
#include "runner/cluster/slurm.hpp"
#include "runner/cluster/submission_folder.hpp"
#include "runner/machine/file_system.hpp"
#include "runner/machine/programs.hpp"
#include "runner/os/clock.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;
using cluster::ClusterError;
using cluster::Submission;

std::string command(const std::string& program, std::string_view words, const fs::path& dir) {
  return fmt::format("{} {} {}", report::shell_word(program), words,
                     report::shell_word(dir.string()));
}

// As a shell would need it. (shell_word() takes a word that begins with '-' for a file's name.)
std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    const std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());
    if (!line.empty()) line += ' ';
    line += word.substr(0, dashes) + report::shell_word(word.substr(dashes));
  }
  return line;
}

void check_options(const SubmitArguments& arguments) {
  for (const std::string& option : arguments.options.more) {
    if (option.size() > 1 && option.front() == '-') continue;
    throw ClusterError(fmt::format(
        "--sbatch wants one option of sbatch, such as --sbatch=--gres=gpu:1; it is '{}'", option));
  }
}

void check_shards(const SubmitArguments& arguments, std::uint64_t worlds) {
  if (arguments.shards > worlds) {
    throw ClusterError(fmt::format(
        "--shards {}: the tournament has {}; use that many shards at most, each of which plays one",
        arguments.shards, report::counted(worlds, "world")));
  }
  const auto highest = cluster::ask_highest_array_index();
  if (!highest || arguments.shards <= *highest) return;
  throw ClusterError(fmt::format(
      "--shards {}: this cluster allows arrays of {} at most (MaxArraySize in slurm.conf); use "
      "fewer shards, which play more worlds each",
      arguments.shards, *highest));
}

// Throws ClusterError where the current folder was removed.
fs::path whole_path(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  if (!error) return whole.lexically_normal();
  throw ClusterError(
      fmt::format("{}: the current folder cannot be told ({}); change to a folder that exists",
                  path.string(), error.message()));
}

Submission describe(const SubmitArguments& arguments, const spec::LoadedSpec& spec) {
  Submission submission;
  submission.name = spec.tournament.name;
  submission.spec = whole_path(arguments.spec).string();
  submission.worlds = Plan(spec.tournament.shape).worlds();
  submission.shards = arguments.shards;
  submission.joust = fs::read_symlink("/proc/self/exe").string();
  submission.options = arguments.options;
  return submission;
}

// Absolute, without a slash at its end.
fs::path folder_of(const SubmitArguments& arguments, const std::string& name) {
  const fs::path dir = arguments.out.empty() ? fs::path("runs") / name : arguments.out;
  const fs::path whole = whole_path(dir);
  return whole.has_filename() ? whole : whole.parent_path();
}

int show(const Submission& submission, const fs::path& dir) {
  const cluster::ScriptFacts facts = cluster::script_facts(submission, dir);
  const std::string all = fmt::format("1-{}", submission.shards);
  fmt::print(
      "# ---- {}\n{}\n# ---- {}\n{}\n# ---- submitted with\n{}\n{}\nscontrol release ARRAY_JOB\n",
      (dir / "shard.sh").string(), cluster::shard_script(facts), (dir / "merge.sh").string(),
      cluster::merge_script(facts), shell_line(cluster::array_line(submission, dir, all)),
      shell_line(cluster::merge_line(submission, dir, "ARRAY_JOB")));
  return kAllCounted;
}

std::vector<std::string> notes_of(const std::vector<std::uint32_t>& shards) {
  std::vector<std::string> names = {"merge"};
  for (const std::uint32_t shard : shards) names.push_back(cluster::shard_name(shard));
  return names;
}

// Submits these shards, if any, and the merging, and records it. The first job is held until all is
// there, and what earlier ones noted of themselves is out of the way. Throws ClusterError or
// JournalError; then nothing is in the queue, and all notes are there.
void submit_round(const fs::path& dir, Submission& submission,
                  const std::vector<std::uint32_t>& shards) {
  std::vector<cluster::JobId> submitted;
  try {
    cluster::Round round;
    round.at = os::unix_millis();
    round.shards = cluster::shard_list(shards);
    if (!shards.empty()) {
      submitted.push_back(cluster::submit_job(cluster::array_line(submission, dir, round.shards)));
      round.array_job = submitted[0].id;
    }
    submitted.push_back(cluster::submit_job(cluster::merge_line(submission, dir, round.array_job)));
    round.merge_job = submitted.back().id;
    round.cluster = submitted.back().cluster;
    submission.rounds.push_back(round);
    cluster::write_submission(dir, submission);
    cluster::NotesAside notes(dir, notes_of(shards));
    cluster::release_job(submitted[0]);
    notes.forget();
  } catch (const std::runtime_error&) {
    for (auto job = submitted.rbegin(); job != submitted.rend(); ++job) {
      try {
        cluster::cancel_job(*job);
      } catch (const ClusterError& error) {
        fmt::print(stderr, "joust: job {} may be left in Slurm's queue: {}\n", job->id,
                   error.what());
      }
    }
    throw;
  }
}

void tell_submitted(const Submission& submission, const fs::path& dir, const std::string& program) {
  const cluster::Round& round = submission.rounds.back();
  if (round.array_job.empty()) {
    fmt::print("submitted to Slurm: merge job {}\n", round.merge_job);
  } else {
    fmt::print("submitted to Slurm: array job {} (shards {}), then merge job {}\n", round.array_job,
               round.shards, round.merge_job);
  }
  fmt::print("{}\n{}\n", command(program, "status", dir), command(program, "cancel", dir));
}

// The jobs find the folder, and this program, only where their node sees the same files.
void warn_of_local_files(const fs::path& dir) {
  const machine::FileSystem where = machine::look_at_file_system(dir);
  if (where.is_network) return;
  fmt::print(stderr,
             "joust: warning: {} lies on {}, which usually one machine sees alone; every node that "
             "plays a shard has to see it\n",
             dir.string(), where.name);
}

int play_on_slurm(const SubmitArguments& arguments, const spec::LoadedSpec& spec,
                  const journal::RunIdentity& identity) {
  Submission submission = describe(arguments, spec);
  const fs::path dir = folder_of(arguments, submission.name);
  check_options(arguments);
  check_shards(arguments, submission.worlds);
  if (arguments.dry_run) return show(submission, dir);
  if (machine::find_in_path("sbatch").empty()) {
    throw ClusterError(
        "sbatch is not in PATH: submit on a machine of the cluster, or see with --dry-run what "
        "would "
        "be submitted");
  }
  cluster::make_submission_folder(dir, submission, identity);
  try {
    const UniqueFd lock = cluster::lock_submission(dir);
    std::vector<std::uint32_t> all(submission.shards);
    std::iota(all.begin(), all.end(), 1U);
    submit_round(dir, submission, all);
  } catch (const std::runtime_error&) {
    std::error_code ignored;
    fs::remove_all(dir, ignored);
    throw;
  }
  tell_submitted(submission, dir, arguments.program);
  warn_of_local_files(dir);
  return kAllCounted;
}

// Tells the one error.
int failed(const journal::JournalError& error) {
  bad_input(error.what());
  return error.disk_full ? kJournalError : kBadInput;
}

// The shards that are not finished. Throws ClusterError when the jobs may still be at work.
std::vector<std::uint32_t> left_to_play(const cluster::Picture& picture, const fs::path& dir) {
  if (!picture.trouble.empty()) {
    throw ClusterError(
        fmt::format("{}: whether its jobs are still in Slurm's queue cannot be asked: {}",
                    dir.string(), picture.trouble));
  }
  if (picture.in_queue) {
    const cluster::Round& round = picture.submission.rounds.back();
    throw ClusterError(fmt::format(
        "{}: job {} is still in Slurm's queue, and goes on by itself; to stop it first: "
        "joust cancel {}",
        dir.string(), round.array_job.empty() ? round.merge_job : round.array_job,
        report::shell_word(dir.string())));
  }
  std::vector<std::uint32_t> left;
  for (const cluster::ShardView& shard : picture.shards) {
    const bool is_over = shard.state == cluster::ShardState::finished ||
                         shard.state == cluster::ShardState::incomplete;
    if (!is_over) left.push_back(shard.shard);
  }
  return left;
}

int resubmit(const fs::path& dir, const std::string& program) {
  const UniqueFd lock = cluster::lock_submission(dir);
  const cluster::Picture picture = cluster::look_at_submission(dir);
  const std::vector<std::uint32_t> left = left_to_play(picture, dir);
  const bool is_merged = picture.merge == cluster::MergeState::merged ||
                         picture.merge == cluster::MergeState::incomplete;
  if (left.empty() && is_merged) {
    fmt::print(stderr, "joust: nothing is left to play in {}; its result: {}\n", dir.string(),
               command(program, "report", dir));
    return picture.merge_exit;
  }
  Submission submission = picture.submission;
  submit_round(dir, submission, left);
  tell_submitted(submission, dir, program);
  return kAllCounted;
}

}  // namespace

int submit_command(const SubmitArguments& arguments, const WorldRegistry& worlds) {
  try {
    spec::Overrides overrides;
    overrides.name = arguments.name;
    overrides.seed = arguments.seed;
    const spec::LoadedSpec spec = spec::load(arguments.spec, worlds, overrides);
    tell_warnings(spec);
    return play_on_slurm(arguments, spec, identity_of(spec, overrides));
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  } catch (const ClusterError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    return failed(error);
  }
}

int resubmit_command(const fs::path& dir, const std::string& program) {
  try {
    return resubmit(whole_path(dir), program);
  } catch (const ClusterError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    return failed(error);
  }
}

}  // namespace joust::cli
