#include "runner/cli/world_report_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "common/result_codec.hpp"
#include "common/task_decoder.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/report_output.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/cli/trace_folder.hpp"
#include "runner/cli/world_record.hpp"
#include "runner/os/console_context.hpp"
#include "runner/report/failures.hpp"
#include "runner/report/human.hpp"
#include "runner/report/journal_record.hpp"
#include "runner/report/world_report.hpp"
#include "runner/scoring/strikes.hpp"

namespace joust::cli {
namespace {

using report::WorldReport;
using report::WorldState;

// The competitor for whose disqualification the world is void; nothing: it is not.
std::optional<std::uint32_t> void_for(const journal::Reader& reader, const Tournament& tournament,
                                      const Plan& plan, TaskIndex task) {
  if (tournament.disqualify_after == 0) return std::nullopt;
  const report::JournalRecord record(reader);
  const auto culprits = report::disqualifying_culprits(record, tournament, plan);
  scoring::Strikes strikes(tournament, plan, culprits);
  TaskDecoder decoder(tournament.shape);
  record.for_each_result([&](const journal::ResultRow& row) {
    const auto form = check_result(row.encoded);
    if (strikes.is_void(row.task) || !form) return;
    const auto seats = decoder.decode(row.task).seats;
    for (const std::uint32_t seat : form->forfeits) strikes.forfeit(row.task, seats[seat]);
  });
  strikes.finish();
  return strikes.rule()->void_for(task);
}

class Describer {
 public:
  // All of it outlives this.
  Describer(const ReportArguments& arguments, const ViewedRun& run, const WorldRegistry& worlds)
      : arguments_(arguments),
        run_(run),
        worlds_(worlds),
        tournament_(run.spec.tournament),
        plan_(tournament_.shape),
        decoder_(tournament_.shape) {}

  // Throws BadRequest when there is no such world.
  WorldReport describe() {
    const WorldTask task = decoder_.decode(task_named(*arguments_.world, plan_));
    const WorldRecord recorded = read_world_record(run_.reader, task.index);
    const auto result = recorded.result ? decode_result(*recorded.result) : std::nullopt;
    WorldReport world = identify(task);
    add_record(world, task, recorded);
    add_seats(world, task, result);
    world.no_course = why_no_course(task, recorded);
    if (world.no_course.empty()) play_again(world, task, recorded);
    return world;
  }

 private:
  WorldReport identify(const WorldTask& task) const {
    WorldReport world;
    world.tournament = tournament_.name;
    world.world = world_title(tournament_.setup);
    world.run_id = plan_.run_id(task.index);
    world.task = task.index;
    world.seed = task.seed;
    world.config_seed = task.config_seed;
    world.set = task.set;
    world.config = task.config;
    world.rotation = task.rotation;
    world.run = task.run;
    return world;
  }

  void add_record(WorldReport& world, const WorldTask& task, const WorldRecord& recorded) const {
    const auto voided = void_for(run_.reader, tournament_, plan_, task.index);
    if (voided) {
      world.state = WorldState::voided;
      world.void_for = name_of(*voided);
    } else if (recorded.result) {
      world.state = WorldState::counted;
    } else {
      const auto given_up = run_.reader.quarantined();
      const bool is_given_up = std::any_of(given_up.begin(), given_up.end(),
                                           [&](const auto& row) { return row.task == task.index; });
      world.state = is_given_up ? WorldState::quarantined : WorldState::open;
    }
    world.attempt = recorded.attempt;
    world.failures = recorded.failures;
    for (const journal::FailedAttempt& failure : recorded.failures) {
      world.culprits.push_back(failure.culprit ? name_of(*failure.culprit) : "");
    }
    const AttemptNumber again =
        recorded.result ? recorded.attempt : std::max<AttemptNumber>(1, recorded.last_attempt());
    world.replay =
        report::replay_command(arguments_.program, arguments_.dir.string(), task.index, again);
  }

  void add_seats(WorldReport& world, const WorldTask& task,
                 const std::optional<WorldResult>& result) const {
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
      const Competitor& competitor = tournament_.setup.competitors.at(task.seats[seat]);
      world.seats.push_back({competitor.name, competitor.type, std::nullopt});
      if (result && seat < result->seats.size()) world.seats.back().result = result->seats[seat];
    }
    if (result) world.counters = result->counters;
  }

  // Empty: the world can be played here to explain itself.
  std::string why_no_course(const WorldTask& task, const WorldRecord& recorded) const {
    if (!recorded.result) return "the world has no result";
    const WorldType* type = worlds_.maker_of(tournament_.setup);
    if (type == nullptr || type->tables.empty()) {
      return fmt::format("worlds of '{}' do not explain themselves; those of {} do",
                         world_title(tournament_.setup), traced_worlds(worlds_));
    }
    for (const std::uint32_t seat : task.seats) {
      if (!tournament_.setup.competitors.at(seat).agent.isolated) continue;
      return fmt::format(
          "{} plays in a process of its own, which a report does not start; joust replay --trace "
          "does",
          name_of(seat));
    }
    return "";
  }

  void play_again(WorldReport& world, const WorldTask& task, const WorldRecord& recorded) const {
    try {
      const auto made = worlds_.maker_of(tournament_.setup)->make(tournament_.setup);
      CollectedTrace trace;
      os::ConsoleContext context(recorded.attempt, &trace);
      const WorldResult result = play_aside(*made, task, context);
      std::string encoded;
      encode_result(result, encoded);
      const bool same = is_same_result(encoded, *recorded.result);
      world.course.emplace();
      if (!same) world.course->difference = difference_text(result, *recorded.result);
      world.course->tables = std::move(trace.summaries);
    } catch (const std::exception& error) {
      world.no_course = fmt::format("played again now, the world failed: {}", error.what());
    }
  }

  std::string name_of(std::uint32_t competitor) const {
    return tournament_.setup.competitors.at(competitor).name;
  }

  const ReportArguments& arguments_;
  const ViewedRun& run_;
  const WorldRegistry& worlds_;
  const Tournament& tournament_;
  Plan plan_;
  TaskDecoder decoder_;
};

std::string as_text(const WorldReport& world, bool colour) {
  std::ostringstream text;
  report::print_world(text, world, colour);
  return text.str();
}

}  // namespace

int world_report_command(const ReportArguments& arguments, const WorldRegistry& worlds) {
  const bool json = arguments.format == "json";
  if (!json && arguments.format != "text") {
    return bad_input(fmt::format(
        "a report of one world is text or json: --format {} is not for --world", arguments.format));
  }
  bool is_written = false;  // from here on what fails is a disk
  try {
    const ViewedRun run = open_to_view(arguments.dir, worlds);
    const WorldReport world = Describer(arguments, run, worlds).describe();
    ReportOutput output(arguments.output);
    is_written = true;
    const bool colour = arguments.output.empty() && wants_colour(STDOUT_FILENO);
    output.write(json ? report::world_json(world) : as_text(world, colour));
    output.finish();
    return tell_trouble(run);
  } catch (const journal::JournalError& error) {
    const int code = bad_input(error.what());
    return is_written || error.disk_full ? kJournalError : code;
  } catch (const BadRequest& error) {
    return bad_input(error.what());
  } catch (const OwnFileError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
