#include "runner/cli/replay_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "common/environment.hpp"
#include "common/messages.hpp"
#include "common/parse_number.hpp"
#include "common/result_codec.hpp"
#include "common/task_decoder.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/world_record.hpp"
#include "runner/journal/reader.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/console_context.hpp"
#include "runner/os/stdout_to_stderr.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::cli {
namespace {

struct BadTask : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "17", or the run id "0017_9f3ab1".
TaskIndex task_named(const std::string& text, const Plan& plan) {
  const auto task = parse_number<TaskIndex>(text.substr(0, text.find('_')));
  if (!task || *task >= plan.worlds()) {
    throw BadTask(fmt::format("there is no world '{}' in this tournament: its worlds are 0 to {}",
                              text, plan.worlds() - 1));
  }
  if (text.find('_') != std::string::npos && text != plan.run_id(*task)) {
    throw BadTask(fmt::format("there is no world '{}' in this tournament: world {} is {}", text,
                              *task, plan.run_id(*task)));
  }
  return *task;
}

AttemptNumber attempt_to_play(const WorldRecord& recorded, TaskIndex task,
                              const ReplayArguments& arguments) {
  if (!arguments.attempt) {
    if (recorded.result) return recorded.attempt;
    return recorded.failures.empty() ? 1 : recorded.failures.back().attempt;
  }
  const AttemptNumber attempt = *arguments.attempt;
  if (attempt == 0) throw BadTask("attempts are counted from 1: --attempt 0 is none");
  if (attempt > recorded.last_attempt() + 1) {
    throw BadTask(fmt::format("world {} has {}, so --attempt {} is none of them; it can be {}",
                              task, report::counted(recorded.last_attempt(), "recorded attempt"),
                              attempt, playable_text(recorded)));
  }
  return attempt;
}

class Replay {
 public:
  Replay(const Tournament& tournament, WorldRecord recorded)
      : tournament_(tournament), decoder_(tournament.shape), recorded_(std::move(recorded)) {}

  int play(World& world, TaskIndex index, AttemptNumber attempt) {
    const WorldTask task = decoder_.decode(index);
    announce(task, attempt);
    os::ConsoleContext context(attempt);
    const TimePoint start = os::now();
    try {
      const WorldResult result = play_aside(world, task, context);
      require_all_scores(task, result);
      std::string encoded;
      encode_result(result, encoded);
      fmt::print("played in {:.6f} s\n", seconds_since(start));
      show_scores(task, result);
      return compare(attempt, encoded, result);
    } catch (const CompetitorFault& fault) {
      const bool is_seat = fault.seat < task.seats.size();
      fmt::print("failed after {:.6f} s, and it is the fault of {} in seat {}: {}\n",
                 seconds_since(start), is_seat ? name_in(task, fault.seat) : "nobody", fault.seat,
                 report::printable(fault.what()));
      return compare_failure(attempt, Cause::world_error, fault.what());
    } catch (const WorldFailure& failure) {
      return failed(attempt, failure.cause, failure.what(), start);
    } catch (const std::exception& error) {
      return failed(attempt, Cause::world_error, error.what(), start);
    }
  }

 private:
  // What the world prints is not ours.
  static WorldResult play_aside(World& world, const WorldTask& task, WorldContext& context) {
    const os::StdoutToStderr aside;
    return world.play(task, context);
  }

  int failed(AttemptNumber attempt, Cause cause, const char* what, TimePoint start) const {
    fmt::print("failed after {:.6f} s: {}\n", seconds_since(start), report::printable(what));
    return compare_failure(attempt, cause, what);
  }

  static double seconds_since(TimePoint start) {
    return std::chrono::duration<double>(os::now() - start).count();
  }

  std::string name_in(const WorldTask& task, std::size_t seat) const {
    return report::printable(tournament_.setup.competitors[task.seats[seat]].name);
  }

  void announce(const WorldTask& task, AttemptNumber attempt) const {
    std::string seats;
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
      seats += (seat == 0 ? "" : ", ") + name_in(task, seat);
    }
    fmt::print(
        "world    {} (task {}), attempt {}\nseed     {}\nconfig   {}, rotation {}, run {}\n"
        "seats    {}\nrecorded {}\n",
        decoder_.plan().run_id(task.index), task.index, attempt, task.seed, task.config,
        task.rotation, task.run, seats, record_text(recorded_, attempt));
    std::fflush(stdout);  // before the world says anything, or crashes
  }

  void show_scores(const WorldTask& task, const WorldResult& result) const {
    for (std::size_t seat = 0; seat < result.seats.size(); ++seat) {
      fmt::print("  {:<24} {:>20}\n", report::clip(name_in(task, seat), 24),
                 result.seats[seat].score);
      const std::string& forfeit = result.seats[seat].forfeit;
      if (!forfeit.empty()) fmt::print("    forfeited: {}\n", report::printable(forfeit));
    }
  }

  int compare(AttemptNumber attempt, const std::string& encoded, const WorldResult& result) const {
    const journal::FailedAttempt* failure = recorded_.failure_of(attempt);
    const bool failed_then = failure != nullptr && attempt != recorded_.attempt;
    if (failed_then) {
      fmt::print("attempt {} failed then ({}); it does not now\n", attempt, failure_text(*failure));
    }
    if (!recorded_.result) {
      fmt::print("nothing is recorded to compare with: the run has no result of this world\n");
      return kAllCounted;
    }
    if (is_same_result(encoded, *recorded_.result)) {
      fmt::print("{}, all {} bytes of it (attempt {})\n",
                 failed_then ? "the result is the recorded one of another attempt"
                             : "the same result as recorded",
                 encoded.size(), recorded_.attempt);
      return kAllCounted;
    }
    fmt::print("NOT the recorded result: {}\n", difference(result));
    return kWorldsMissing;
  }

  std::string difference(const WorldResult& now) const {
    const auto before = decode_result(*recorded_.result);
    if (!before) return "that cannot be decoded";
    for (std::size_t seat = 0; seat < std::min(now.seats.size(), before->seats.size()); ++seat) {
      if (now.seats[seat].score == before->seats[seat].score) continue;
      return fmt::format("seat {} has {} now, {} is recorded", seat, now.seats[seat].score,
                         before->seats[seat].score);
    }
    for (std::size_t seat = 0; seat < std::min(now.seats.size(), before->seats.size()); ++seat) {
      if (now.seats[seat].forfeit == before->seats[seat].forfeit) continue;
      return fmt::format("the scores are equal, but seat {} forfeited for another reason", seat);
    }
    if (now.counters != before->counters) return "the scores are equal, the counters differ";
    return "the scores are equal, other things that the world gave differ";
  }

  int compare_failure(AttemptNumber attempt, Cause cause, const std::string& text) const {
    const journal::FailedAttempt* failure = recorded_.failure_of(attempt);
    if (recorded_.result && recorded_.attempt == attempt) {
      fmt::print("recorded of this attempt is a result\n");
    } else if (failure == nullptr) {
      fmt::print("the run has recorded no failure of attempt {}\n", attempt);
    } else if (failure->detail == text.substr(0, kLongestFailure) && failure->cause == cause) {
      fmt::print("the same failure as recorded\n");
    } else {
      fmt::print("recorded was another failure: {}\n", failure_text(*failure));
    }
    return kWorldsMissing;
  }

  const Tournament& tournament_;
  TaskDecoder decoder_;
  WorldRecord recorded_;
};

}  // namespace

int replay_command(const ReplayArguments& arguments, const WorldRegistry& worlds) {
  try {
    const journal::Reader reader(arguments.dir);
    const spec::LoadedSpec spec = load_recorded_spec(reader, arguments.dir, worlds);
    const Tournament& tournament = spec.tournament;
    const TaskIndex task = task_named(arguments.task, Plan(tournament.shape));
    for (const std::string& file : spec::changed_files(spec, arguments.dir / "inputs")) {
      fmt::print(stderr, "joust: warning: {} changed since the run began\n", file);
    }
    WorldRecord recorded = read_world_record(reader, task);
    const AttemptNumber attempt = attempt_to_play(recorded, task, arguments);
    limit_library_threads(tournament.setup.threads);
    const auto world = worlds.maker_of(tournament.setup)->make(tournament.setup);
    return Replay(tournament, std::move(recorded)).play(*world, task, attempt);
  } catch (const BadTask& error) {
    return bad_input(error.what());
  } catch (const SetupError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
