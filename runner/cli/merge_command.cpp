#include "runner/cli/merge_command.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <optional>
#include <set>

#include "common/ending_signals.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/session.hpp"
#include "runner/journal/merge.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/journal/scratch_journal.hpp"
#include "runner/machine/file_system.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;

// What is told one by one; of more, how many.
constexpr std::size_t kMostTold = 10;

struct MergedFolder {
  fs::path dir;
  journal::RunIdentity identity;
};

// Throws JournalError unless both are runs of one tournament.
void require_same_tournament(const MergedFolder& first, const MergedFolder& other) {
  const std::string name = first.dir.string();
  const std::string other_name = other.dir.string();
  std::vector<std::string> lines =
      journal::differences(first.identity.deciding, other.identity.deciding, name, other_name);
  for (const auto& [input, content] : first.identity.inputs) {
    const auto found = other.identity.inputs.find(input);
    if (found != other.identity.inputs.end() && found->second == content) continue;
    lines.push_back(fmt::format("inputs/{} is not the same in {} and {}", input, name, other_name));
  }
  if (lines.empty()) return;
  std::string text = fmt::format(
      "{} and {} are runs of two different tournaments, which cannot be merged:", name, other_name);
  for (const std::string& line : lines) text += "\n  " + line;
  throw journal::JournalError(text);
}

std::vector<MergedFolder> read_identities(const std::vector<fs::path>& dirs) {
  std::vector<MergedFolder> folders;
  std::set<fs::path> seen;
  for (const fs::path& dir : dirs) {
    std::error_code error;
    if (!seen.insert(fs::weakly_canonical(dir, error)).second) {
      throw journal::JournalError(fmt::format("{} is named twice", dir.string()));
    }
    refuse_submission(dir);
    folders.push_back({dir, journal::read_identity(dir)});
    require_same_tournament(folders.front(), folders.back());
    if (journal::is_worked_on(dir)) {
      fmt::print(stderr, "joust: {} is being played: what it has by now is merged\n", dir.string());
    }
  }
  return folders;
}

// "shards 3, 7 and 9 more of 16"
std::string list_of(const std::vector<std::uint32_t>& shards, std::uint32_t count) {
  const std::size_t told = std::min(shards.size(), kMostTold);
  std::string text = fmt::format(
      "shard{} {}", shards.size() == 1 ? "" : "s",
      fmt::join(shards.begin(), shards.begin() + static_cast<std::ptrdiff_t>(told), ", "));
  if (shards.size() > told) text += fmt::format(" and {} more", shards.size() - told);
  return fmt::format("{} of {}", text, count);
}

// Where all are shards of one division: which of it are not among them.
void tell_missing_shards(const std::vector<MergedFolder>& folders) {
  const std::uint32_t count = folders.front().identity.shard.count;
  std::set<std::uint32_t> there;
  for (const MergedFolder& folder : folders) {
    if (folder.identity.shard.count != count) return;
    there.insert(folder.identity.shard.index);
  }
  std::vector<std::uint32_t> missing;
  for (std::uint32_t index = 1; index <= count; ++index) {
    if (!there.contains(index)) missing.push_back(index);
  }
  if (missing.empty()) return;
  fmt::print(stderr, "joust: not merged, because not named: {}\n", list_of(missing, count));
}

void tell_incomplete(const std::vector<MergedFolder>& folders, const journal::MergeResult& merged,
                     const std::string& program) {
  std::size_t untold = 0;
  std::size_t told = 0;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const journal::RunIdentity& identity = folders[i].identity;
    const std::uint64_t size = identity.shard.size(identity.worlds);
    const std::uint64_t played = merged.runs[i].results + merged.runs[i].quarantined;
    if (played >= size) continue;
    if (told++ >= kMostTold) {
      ++untold;
      continue;
    }
    fmt::print(stderr, "joust: {} has {} of its {}; to go on with it: {}\n",
               folders[i].dir.string(), played, report::counted(size, "world"),
               report::resume_command(program, folders[i].dir.string()));
  }
  if (untold > 0)
    fmt::print(stderr, "joust: so have {} more of them less than they should\n", untold);
}

// How many journals, of three files each, may be open at once.
std::size_t most_journals_at_once() {
  constexpr rlim_t kFiles = 3;
  constexpr rlim_t kMost = 200;
  constexpr rlim_t kOthers = 60;
  constexpr rlim_t kWanted = kMost * kFiles + kOthers;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 2;
  if (limit.rlim_cur < kWanted) {
    limit.rlim_cur = std::min(kWanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  const rlim_t usable = std::clamp(limit.rlim_cur, kOthers, kWanted) - kOthers;
  return std::clamp<std::size_t>(usable / kFiles, 2, kMost);
}

journal::MergeResult fill(const fs::path& folder, const MergeArguments& arguments,
                          std::uint64_t worlds) {
  journal::MergeOptions options;
  options.worlds = worlds;
  options.at_once = most_journals_at_once();
  options.is_stopped = ending_signal_is_pending;
  std::optional<journal::ScratchJournal> aside;
  if (!machine::network_file_system(folder).empty()) {
    aside.emplace(folder, arguments.show.scratch);
    options.work = aside->file().parent_path();
  }
  journal::MergeResult merged = journal::merge_journals(arguments.dirs, folder, options);
  if (aside) aside->finish();
  return merged;
}

void tell(const std::vector<MergedFolder>& folders, const journal::MergeResult& merged,
          const std::string& program) {
  tell_missing_shards(folders);
  tell_incomplete(folders, merged, program);
  if (merged.shared > 0) {
    fmt::print(stderr, "joust: {} were in several of them, and agree\n",
               report::counted(merged.shared, "result"));
  }
  if (merged.unreadable.empty()) return;
  fmt::print(stderr, "joust: warning: {} of failed attempts could not be read, such as {}\n",
             report::counted(merged.unreadable.size(), "log"), merged.unreadable.front().string());
}

int merge(const MergeArguments& arguments, const WorldRegistry& worlds) {
  const std::vector<MergedFolder> folders = read_identities(arguments.dirs);
  journal::RunIdentity identity = folders.front().identity;
  identity.shard = {};
  journal::MergeResult merged;
  std::optional<EndingSignalsBlocked> signals(std::in_place);
  const journal::RunDirectory dir = journal::RunDirectory::create(
      arguments.out, identity,
      [&](const fs::path& folder) { merged = fill(folder, arguments, identity.worlds); });
  signals.reset();
  if (!arguments.show.quiet) tell(folders, merged, arguments.show.program);
  const spec::LoadedSpec spec =
      load_recorded_spec(journal::Reader(arguments.out), arguments.out, worlds);
  return show_results({dir, spec, arguments.show, worlds});
}

}  // namespace

int merge_command(const MergeArguments& arguments, const WorldRegistry& worlds) {
  try {
    return merge(arguments, worlds);
  } catch (const journal::JournalError& error) {
    bad_input(error.what());
    return error.disk_full ? kJournalError : kBadInput;
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  } catch (const journal::MergeStopped&) {  // else the signal has ended this process by now
    fmt::print(stderr, "joust: the merge was stopped; nothing was written\n");
    return kInterrupted;
  }
}

}  // namespace joust::cli
