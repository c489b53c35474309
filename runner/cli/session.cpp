#include "runner/cli/session.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <iostream>

#include "common/bell.hpp"
#include "common/environment.hpp"
#include "common/text.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/run_history.hpp"
#include "runner/cli/run_observer.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/journal/scratch_journal.hpp"
#include "runner/machine/file_system.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/in_process.hpp"
#include "runner/os/run_cgroup.hpp"
#include "runner/os/stdout_to_stderr.hpp"
#include "runner/os/supervisor.hpp"
#include "runner/report/failures.hpp"
#include "runner/report/human.hpp"
#include "runner/report/journal_record.hpp"
#include "runner/report/report_text.hpp"
#include "runner/report/run_files.hpp"
#include "runner/report/status_file.hpp"
#include "runner/report/summary_json.hpp"
#include "runner/scoring/tables.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;

struct Ending {
  core::Finish finish;
  int stop_signal = 0;
};

std::string_view outcome_name(core::Outcome outcome) {
  constexpr std::array<std::string_view, 5> kNames = {"finished", "interrupted", "deadline",
                                                      "pool broken", "journal error"};
  return kNames[static_cast<std::size_t>(outcome)];
}

// No other program or library has a part in it.
bool is_played_by_worker(const WorldSetup& setup) {
  const bool has_agents =
      std::any_of(setup.competitors.begin(), setup.competitors.end(),
                  [](const Competitor& competitor) { return competitor.agent.isolated; });
  return setup.command.command.empty() && !setup.needs_plugins() && !has_agents;
}

class Session {
 public:
  explicit Session(const SessionSetup& setup)
      : dir_(setup.dir.path()),
        tournament_(setup.spec.tournament),
        plan_(tournament_.shape),
        options_(setup.options),
        worlds_(setup.worlds) {}

  int play(core::LedgerHistory history, std::uint64_t number, os::RunCgroupAside& cgroup) {
    if (options_.in_process) limit_library_threads(tournament_.setup.threads);
    ShowOptions show;
    show.quiet = options_.quiet;
    RunObserver observer(dir_, tournament_, show);
    observer.events().session_started(number, tournament_.pool.workers, history.done.size(),
                                      plan_.worlds_here());
    const bool is_resumed = number > 1;
    const Ending ending = play_worlds(std::move(history), is_resumed, observer, cgroup);
    cgroup.leave();
    const bool finished = ending.finish.outcome == core::Outcome::finished;
    observer.events().session_ended(outcome_name(ending.finish.outcome), ending.finish.reason);
    observer.close(finished ? "finished" : "interrupted");
    return conclude(ending);
  }

  int show() { return conclude({{core::Outcome::finished, ""}}); }

 private:
  Ending play_worlds(core::LedgerHistory history, bool is_resumed, RunObserver& observer,
                     os::RunCgroupAside& cgroup) {
    const UniqueFd bell = make_bell(EFD_NONBLOCK);
    journal::WriterOptions writer_options;
    writer_options.durable = tournament_.pool.durable;
    writer_options.workers = tournament_.pool.workers;
    writer_options.is_checked = is_resumed;  // its history was read from it, under the same lock
    if (!options_.in_process) {
      writer_options.containment = cgroup.folder().empty() ? "mark" : "cgroup";
    }
    const std::unique_ptr<journal::ScratchJournal> aside = take_journal_aside();
    if (aside) writer_options.file = aside->file();
    journal::Writer writer(dir_, writer_options, [&bell] { ring_bell(bell.get()); });
    os::JournalRecorder recorder(writer);
    Ending ending = options_.in_process ? play_here(std::move(history), recorder, observer)
                                        : play_in_workers(std::move(history), recorder, observer,
                                                          bell.get(), cgroup.folder());
    writer.finish(std::string(outcome_name(ending.finish.outcome)));
    if (const auto error = writer.status().error) {
      ending.finish = {core::Outcome::journal_error, error->what()};
    }
    if (aside) take_journal_back(*aside, ending);
    return ending;
  }

  // Where the journal cannot be worked with in the run directory.
  std::unique_ptr<journal::ScratchJournal> take_journal_aside() const {
    const std::string network = machine::network_file_system(dir_);
    if (network.empty()) return nullptr;
    auto aside = std::make_unique<journal::ScratchJournal>(dir_, options_.scratch);
    if (!options_.quiet) {
      fmt::print(stderr,
                 "joust: {} is on a network file system ({}): until the end its journal is {}, "
                 "copied back every {}\n",
                 dir_.string(), network, aside->file().string(),
                 format_duration(options_.scratch.copy_every));
    }
    aside->copy_regularly();
    return aside;
  }

  static void take_journal_back(journal::ScratchJournal& aside, Ending& ending) {
    try {
      aside.finish();
    } catch (const journal::JournalError& error) {
      ending.finish = {core::Outcome::journal_error, error.what()};
    }
  }

  Ending play_in_workers(core::LedgerHistory history, os::Recorder& recorder, RunObserver& observer,
                         int journal_bell, const fs::path& cgroup) {
    os::SupervisorSetup setup;
    setup.pool = tournament_.pool;
    setup.brief = encode_brief({tournament_.shape, tournament_.setup});
    setup.tasks = plan_.worlds_here();
    setup.seats = tournament_.setup.seats;
    setup.competitor_in = [this](TaskIndex task, std::uint32_t seat) {
      std::vector<std::uint32_t> seats;
      plan_.seats(plan_.cell(task), seats);
      return seats.at(seat);
    };
    setup.history = std::move(history);
    setup.attempts_dir = dir_ / "attempts";
    setup.journal_bell = journal_bell;
    setup.injuries = options_.injuries;
    setup.cgroup = cgroup;
    setup.limits_data = is_played_by_worker(tournament_.setup);
    try {
      setup.worker_binary = worker_binary();
      setup.stacks_program = os::find_stacks_program();
      if (setup.stacks_program.empty()) {
        fmt::print(stderr,
                   "joust: warning: joust-stacks was not found beside joust: no stacks of "
                   "stuck workers will be taken\n");
      }
      os::Supervisor supervisor(std::move(setup), recorder, observer);
      const core::Finish finish = supervisor.run();
      return {finish, supervisor.stop_signal()};
    } catch (const std::runtime_error& error) {  // not one worker could be started
      return {{core::Outcome::pool_broken, error.what()}, 0};
    }
  }

  fs::path worker_binary() const {
    if (!options_.worker_binary.empty()) return options_.worker_binary;
    return tournament_.setup.needs_plugins() ? os::find_plugin_worker() : os::find_worker();
  }

  Ending play_here(core::LedgerHistory history, os::Recorder& recorder, RunObserver& observer) {
    fmt::print(stderr,
               "joust: --in-process: worlds are played in this process, one by one, with no "
               "isolation and no deadlines\n");
    const auto world = worlds_.maker_of(tournament_.setup)->make(tournament_.setup);
    const os::StdoutToStderr aside;
    const os::InProcessEnd end = os::play_in_process(
        {tournament_.pool, tournament_.shape, std::move(history)}, *world, recorder, observer);
    return {end.finish, end.stop_signal};
  }

  int conclude(const Ending& ending) {
    if (ending.finish.outcome == core::Outcome::journal_error) {
      fmt::print(stderr,
                 "joust: the journal failed: {}\n"
                 "joust: everything that was committed is kept; when there is room again, go on "
                 "with: {}\n",
                 ending.finish.reason, resume_line());
      return kJournalError;
    }
    const journal::Reader reader(dir_);
    const report::JournalRecord record(reader);
    scoring::TableOptions tables;
    tables.culprits = report::disqualifying_culprits(record, tournament_, plan_);
    scoring::write_tables(scoring::tables_folder(dir_, tournament_), tournament_, plan_, record,
                          tables);
    report::ReportOptions options;
    options.dir = dir_.string();
    options.program = options_.program;
    report::Report report = report::build_report(options, tournament_, plan_, record);
    report::write_run_files(dir_, report, tournament_, plan_, record);
    write_status_if_none(report);
    if (report.state == report::RunState::finished) report.page = dir_ / report::kPageFile;
    show(report);
    return explain(ending, report.standings.coverage.missing() == 0);
  }

  // Of a run that was merged, no session has told how it went.
  void write_status_if_none(const report::Report& report) const {
    std::error_code error;
    if (fs::exists(dir_ / "status.json", error)) return;
    const scoring::Coverage& coverage = report.standings.coverage;
    report::RunStatus status;
    status.name = tournament_.name;
    status.state = report::state_name(report.state);
    status.worlds_total = coverage.expected;
    status.worlds_done = coverage.done;
    status.worlds_failed = coverage.quarantined;
    status.worlds_void = coverage.voided;
    status.worlds_pending = coverage.unplayed();
    for (const scoring::Standing& standing : report.standings.ranking) {
      if (standing.disqualified_at) status.disqualified.push_back(standing.name);
    }
    status.attempts_failed = report.failed_attempts;
    status.workers_started = report.workers.started;
    status.workers_lost = report.workers.lost;
    status.updated = os::unix_millis();
    report::write_status(dir_, status);
  }

  void show(const report::Report& report) const {
    if (options_.json) {
      std::cout << report::summary_json(report);
    } else if (!options_.quiet) {
      report::print_text(std::cout, report, wants_colour(STDOUT_FILENO));
    }
    std::cout.flush();
  }

  int explain(const Ending& ending, bool all_counted) const {
    switch (ending.finish.outcome) {
      case core::Outcome::finished:
        return all_counted ? kAllCounted : kWorldsMissing;
      case core::Outcome::deadline:
        fmt::print(stderr, "joust: {}; go on with: {}\n", ending.finish.reason, resume_line());
        return kWorldsMissing;
      case core::Outcome::pool_broken:
        fmt::print(
            stderr,
            "joust: the pool could not work: {}\njoust: when that is mended, go on with: {}\n",
            ending.finish.reason, resume_line());
        return kPoolBroken;
      case core::Outcome::interrupted:
        fmt::print(stderr, "joust: interrupted; worlds that are done stay done. Go on with: {}\n",
                   resume_line());
        return ending.stop_signal == SIGTERM ? kTerminated : kInterrupted;
      case core::Outcome::journal_error:
        break;
    }
    return kJournalError;
  }

  std::string resume_line() const {
    return report::resume_command(options_.program, dir_.string());
  }

  fs::path dir_;
  const Tournament& tournament_;
  Plan plan_;
  const PlayOptions& options_;
  const WorldRegistry& worlds_;
};

}  // namespace

int play_session(const SessionSetup& setup, core::LedgerHistory history, std::uint64_t number,
                 os::RunCgroupAside& cgroup) {
  try {
    return Session(setup).play(std::move(history), number, cgroup);
  } catch (const journal::JournalError& error) {
    fmt::print(stderr, "joust: {}\n", error.what());
    return kJournalError;
  }
}

int show_results(const SessionSetup& setup) { return Session(setup).show(); }

bool is_finished(const journal::Reader& reader, const core::LedgerHistory& history,
                 std::uint64_t worlds) {
  const std::vector<journal::Session> sessions = reader.sessions();
  return !sessions.empty() && sessions.back().ended.has_value() &&
         sessions.back().ending == outcome_name(core::Outcome::finished) &&
         core::Ledger({worlds}, history).complete();
}

}  // namespace joust::cli
