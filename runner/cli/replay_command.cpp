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
#include "runner/cli/trace_folder.hpp"
#include "runner/cli/world_record.hpp"
#include "runner/journal/reader.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/console_context.hpp"
#include "runner/os/stdout_to_stderr.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::cli {
namespace {

AttemptNumber attempt_to_play(const WorldRecord& recorded, TaskIndex task,
                              const ReplayArguments& arguments) {
  if (!arguments.attempt) {
    if (recorded.result) return recorded.attempt;
    return recorded.failures.empty() ? 1 : recorded.failures.back().attempt;
  }
  const AttemptNumber attempt = *arguments.attempt;
  if (attempt == 0) throw BadRequest("attempts are counted from 1: --attempt 0 is none");
  if (attempt > recorded.last_attempt() + 1) {
    throw BadRequest(fmt::format("world {} has {}, so --attempt {} is none of them; it can be {}",
                                 task, report::counted(recorded.last_attempt(), "recorded attempt"),
                                 attempt, playable_text(recorded)));
  }
  return attempt;
}

class Replay {
 public:
  Replay(const Tournament& tournament, WorldRecord recorded)
      : tournament_(tournament), decoder_(tournament.shape), recorded_(std::move(recorded)) {}

  // `trace`: null when the world is not asked to explain itself.
  int play(World& world, TaskIndex index, AttemptNumber attempt, WorldTrace* trace) {
    const WorldTask task = decoder_.decode(index);
    announce(task, attempt);
    os::ConsoleContext context(attempt, trace);
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
    fmt::print("NOT the recorded result: {}\n", difference_text(result, *recorded_.result));
    return kWorldsMissing;
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

// Throws BadRequest where the worlds do not explain themselves.
void require_tables(const WorldType& type, const WorldSetup& setup, const WorldRegistry& worlds) {
  if (!type.tables.empty()) return;
  throw BadRequest(fmt::format("the world '{}' writes no tables for --trace; these do: {}",
                               world_title(setup), traced_worlds(worlds)));
}

int finish_trace(const std::filesystem::path& folder, const CollectedTrace& trace, int code) {
  if (trace.tables.empty()) {
    fmt::print("no tables: the world did not end\n");
    return code;
  }
  write_trace(folder, trace);
  std::string names;
  for (const auto& [name, text] : trace.tables) names += (names.empty() ? "" : ", ") + name;
  fmt::print("tables   {} in {}\n", names, folder.string());
  return code;
}

int replay(const ReplayArguments& arguments, const WorldRegistry& worlds) {
  refuse_submission(arguments.dir);
  const journal::Reader reader(arguments.dir);
  const spec::LoadedSpec spec = load_recorded_spec(reader, arguments.dir, worlds);
  const Tournament& tournament = spec.tournament;
  const TaskIndex task = task_named(arguments.task, Plan(tournament.shape));
  for (const std::string& file : spec::changed_files(spec, arguments.dir / "inputs")) {
    fmt::print(stderr, "joust: warning: {} changed since the run began\n", file);
  }
  WorldRecord recorded = read_world_record(reader, task);
  const AttemptNumber attempt = attempt_to_play(recorded, task, arguments);
  const WorldType* type = worlds.maker_of(tournament.setup);
  if (arguments.trace) {
    require_tables(*type, tournament.setup, worlds);
    prepare_trace_folder(*arguments.trace);
  }
  limit_library_threads(tournament.setup.threads);
  const auto world = type->make(tournament.setup);
  CollectedTrace trace;
  const int code = Replay(tournament, std::move(recorded))
                       .play(*world, task, attempt, arguments.trace ? &trace : nullptr);
  return arguments.trace ? finish_trace(*arguments.trace, trace, code) : code;
}

}  // namespace

int replay_command(const ReplayArguments& arguments, const WorldRegistry& worlds) {
  try {
    return replay(arguments, worlds);
  } catch (const BadRequest& error) {
    return bad_input(error.what());
  } catch (const SetupError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    const int code = bad_input(error.what());
    return error.disk_full ? kJournalError : code;
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
