#include "runner/journal/merge.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <queue>

#include "runner/journal/files.hpp"
#include "runner/journal/new_run.hpp"
#include "runner/journal/row_writer.hpp"
#include "runner/journal/run_stories.hpp"
#include "runner/journal/writer.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

// Rows, and bytes of results, that are in one transaction.
constexpr std::size_t kRowsAtOnce = 4096;
constexpr std::size_t kBytesAtOnce = 8 << 20;

constexpr std::uint64_t kWorldsBetweenLooks = 1024;

// Rows on their way into the merged journal.
class MergedRows {
 public:
  // `into`: for large results. `database`: for all others.
  MergedRows(const fs::path& into, const fs::path& database) : writer_(into, {.file = database}) {}

  Batch& batch() { return batch_; }
  // Call after each result that was added.
  void added(std::size_t bytes) {
    bytes_ += bytes;
    if (batch_.rows() >= kRowsAtOnce || bytes_ >= kBytesAtOnce) flush();
  }
  void end(const Session& session) {
    flush();
    writer_.rewrite_session(session);
  }

 private:
  void flush() {
    writer_.begin();
    writer_.write(batch_);
    writer_.commit();
    batch_.clear();
    bytes_ = 0;
  }

  RowWriter writer_;
  Batch batch_;
  std::size_t bytes_ = 0;
};

// Logs and stacks keep their names, which name the world and the attempt. False: it is there, but
// cannot be read.
bool copy_evidence(const fs::path& from, const fs::path& into, const std::string& file) {
  const fs::path path(file);
  if (path.parent_path() != "attempts") return true;  // empty, or nothing that joust has written
  std::error_code error;
  if (!fs::exists(fs::symlink_status(from / path, error))) return true;  // the user has made room
  return copy_regular_file(from / path, into / path);
}

// Two of the runs, by their place in the list, have different results of a world.
struct Disagreement {
  TaskIndex task = 0;
  std::size_t first = 0;
  std::size_t second = 0;
};

[[noreturn]] void fail_different(TaskIndex task, const fs::path& first, const fs::path& second) {
  throw JournalError(fmt::format(
      "world {0} has one result in {1} and another in {2}: it depends on more than its seed, or "
      "the runs were played with different programs. 'joust replay {1} {0}' and 'joust compare "
      "{1} {2}' show more; merge without one of them",
      task, first.string(), second.string()));
}

// What containment all of them had at least.
std::string weaker(const std::string& a, const std::string& b) {
  constexpr std::array<std::string_view, 4> kFromWeakest = {"", "none", "mark", "cgroup"};
  const auto strength = [&](const std::string& word) {
    return std::find(kFromWeakest.begin(), kFromWeakest.end(), word);
  };
  return strength(a) < strength(b) ? a : b;
}

// The sessions of all runs as one.
class MergedSession {
 public:
  void add(const std::vector<Session>& sessions) {
    std::uint32_t workers = 0;
    for (const Session& session : sessions) {
      workers = std::max(workers, session.workers);
      started_ = started_ == 0 ? session.started : std::min(started_, session.started);
      note(session.ended.value_or(session.started));
      containment_ = any_ ? weaker(containment_, session.containment) : session.containment;
      any_ = true;
    }
    workers_ += workers;
  }
  void note(UnixMillis at) { ended_ = std::max(ended_, at); }

  Session session(bool is_finished) const {
    return {.number = 1,
            .started = started_,
            .ended = ended_,
            .ending = is_finished ? "finished" : "interrupted",
            .workers = workers_,
            .containment = containment_};
  }

 private:
  UnixMillis started_ = 0;
  UnixMillis ended_ = 0;
  std::uint32_t workers_ = 0;
  std::string containment_ = "none";
  bool any_ = false;
};

// One of the runs, with the place of its slots among those of all.
class Source {
 public:
  Source(const fs::path& dir, SlotIndex first_slot) : first_slot_(first_slot), stories_(dir) {
    const Reader& reader = stories_.reader();
    starts_ = reader.worker_starts();
    ends_ = reader.worker_ends();
    sessions_ = reader.sessions();
    slots_.emplace(starts_, ends_, sessions_);
  }

  RunStories& stories() { return stories_; }
  SlotIndex end_slot() const { return first_slot_ + slots_->slots(); }
  SlotIndex slot(SlotIndex own) const { return first_slot_ + own; }

  // Hands the rows about sessions and workers over; they are not needed any more.
  void tell_workers(MergedRows& rows, MergedSession& session) {
    session.add(sessions_);
    for (WorkerStart row : starts_) {
      session.note(row.at);
      place(row);
      rows.batch().add(row);
      rows.added(0);
    }
    for (WorkerEnd& row : ends_) {
      session.note(row.at);
      place(row);
      rows.batch().add(std::move(row));
      rows.added(0);
    }
    starts_ = {};
    ends_ = {};
  }

  // Changes the slot and the epoch to those of the merged journal.
  template <class Row>
  void place(Row& row) const {
    row.epoch = slots_->epoch(row.session, row.slot, row.epoch);
    row.slot = slot(row.slot);
  }

  MergedRun counts;

 private:
  SlotIndex first_slot_;
  RunStories stories_;
  std::vector<WorkerStart> starts_;
  std::vector<WorkerEnd> ends_;
  std::vector<Session> sessions_;
  std::optional<SlotHistory> slots_;
};

class Merge {
 public:
  Merge(const std::vector<fs::path>& runs, const fs::path& into, const fs::path& database)
      : into_(into), rows_(into, database) {
    SlotIndex slots = 0;
    for (const fs::path& run : runs) {
      sources_.push_back(std::make_unique<Source>(run, slots));
      slots = sources_.back()->end_slot();
    }
  }

  // Throws Disagreement besides JournalError.
  MergeResult merge(const MergeOptions& options) {
    for (const auto& source : sources_) source->tell_workers(rows_, session_);
    for (std::size_t i = 0; i < sources_.size(); ++i) advance(i);
    for (std::uint64_t merged = 0; !queue_.empty(); ++merged) {
      merge_world();
      const bool is_asked = merged % kWorldsBetweenLooks == 0 && options.is_stopped;
      if (is_asked && options.is_stopped()) throw MergeStopped();
    }
    rows_.end(session_.session(result_.worlds == options.worlds));
    for (const auto& source : sources_) result_.runs.push_back(source->counts);
    return std::move(result_);
  }

 private:
  using Next = std::pair<TaskIndex, std::size_t>;  // a world, and a source that tells of it

  void advance(std::size_t index) {
    Source& source = *sources_[index];
    if (!source.stories().next()) return;
    const WorldStory& story = source.stories().story();
    queue_.push({story.task, index});
    if (story.result != nullptr) {
      ++source.counts.results;
    } else {
      ++(story.quarantine != nullptr ? source.counts.quarantined : source.counts.open);
    }
  }

  void merge_world() {
    const TaskIndex task = queue_.top().first;
    tellers_.clear();
    for (; !queue_.empty() && queue_.top().first == task; queue_.pop()) {
      tellers_.push_back(queue_.top().second);  // ascending
    }
    check_agreement();
    // the first of the best: std::max_element finds that
    const std::size_t best = *std::max_element(
        tellers_.begin(), tellers_.end(),
        [this](std::size_t a, std::size_t b) { return worth(story_of(a)) < worth(story_of(b)); });
    tell(*sources_[best]);
    for (const std::size_t index : tellers_) advance(index);
  }

  const WorldStory& story_of(std::size_t index) { return sources_[index]->stories().story(); }

  static std::pair<int, AttemptNumber> worth(const WorldStory& story) {
    if (story.result != nullptr) return {2, 0};
    if (story.quarantine != nullptr) return {1, 0};
    return {0, story.charged()};
  }

  void check_agreement() {
    const ResultRow* first = nullptr;
    std::size_t first_index = 0;
    for (const std::size_t index : tellers_) {
      const ResultRow* result = story_of(index).result;
      if (result == nullptr) continue;
      if (first == nullptr) {
        first = result;
        first_index = index;
        continue;
      }
      if (result->encoded != first->encoded) {
        throw Disagreement{first->task, first_index, index};
      }
      ++result_.shared;
    }
  }

  void tell(Source& source) {
    const WorldStory& story = source.stories().story();
    const fs::path& from = source.stories().dir();
    for (FailedAttempt row : story.failures) {
      session_.note(row.at);
      source.place(row);
      for (const std::string& file : {row.log, row.stack}) {
        if (!copy_evidence(from, into_, file)) result_.unreadable.push_back(from / file);
      }
      rows_.batch().add(std::move(row));
    }
    if (story.quarantine != nullptr) rows_.batch().add(*story.quarantine);
    if (story.result != nullptr || story.quarantine != nullptr) ++result_.worlds;
    if (story.result != nullptr) {
      ResultRow row = *story.result;
      session_.note(row.at);
      row.slot = source.slot(row.slot);
      rows_.batch().add(row);
      rows_.added(row.encoded.size());
    } else {
      rows_.added(0);
    }
  }

  fs::path into_;
  MergedRows rows_;
  MergedSession session_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> queue_;
  std::vector<std::size_t> tellers_;  // that tell of the world being merged
  MergeResult result_;
};

// A group of runs, merged into a run directory that is only there for the merge.
class Group {
 public:
  explicit Group(fs::path folder) : folder_(std::move(folder)) {
    if (::mkdir(folder_.c_str(), 0777) != 0) fail_system(folder_, "create it", errno);
    write_new_run(folder_, {});
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

// The runs that are merged into one group.
struct Range {
  std::vector<fs::path>::const_iterator begin;
  std::vector<fs::path>::const_iterator end;
};

Range range_of(const std::vector<fs::path>& runs, std::size_t group, std::size_t groups) {
  const auto at = [&](std::size_t number) {
    return runs.begin() + static_cast<std::ptrdiff_t>(runs.size() * number / groups);
  };
  return {at(group), at(group + 1)};
}

// The first of them that has a result of the world, as the group has it. REQUIRES: there is one.
const fs::path& holder_of(TaskIndex task, const Range& range) {
  return *std::find_if(range.begin, range.end, [task](const fs::path& run) {
    return Reader(run).visit_result(task, [](const ResultRow&) {});
  });
}

MergeResult merge_in_groups(const std::vector<fs::path>& runs, const fs::path& into,
                            const fs::path& work, const MergeOptions& options) {
  // no more groups than are merged at once, so that nothing is read more often than it must be
  const std::size_t needed = (runs.size() + options.at_once - 1) / options.at_once;
  const std::size_t groups = std::min(options.at_once, needed);
  MergeOptions of_group = options;
  of_group.work.clear();
  std::vector<std::unique_ptr<Group>> made;
  std::vector<fs::path> folders;
  MergeResult result;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto [begin, end] = range_of(runs, group, groups);
    made.push_back(std::make_unique<Group>(work / fmt::format("group-{}", group)));
    folders.push_back(made.back()->folder());
    const MergeResult part = merge_journals({begin, end}, folders.back(), of_group);
    result.runs.insert(result.runs.end(), part.runs.begin(), part.runs.end());
    result.unreadable.insert(result.unreadable.end(), part.unreadable.begin(),
                             part.unreadable.end());
    result.shared += part.shared;
  }
  try {
    const MergeResult last = Merge(folders, into, work / "run.db").merge(options);
    result.worlds = last.worlds;
    result.shared += last.shared;
  } catch (const Disagreement& found) {
    fail_different(found.task, holder_of(found.task, range_of(runs, found.first, groups)),
                   holder_of(found.task, range_of(runs, found.second, groups)));
  }
  return result;
}

}  // namespace

MergeResult merge_journals(const std::vector<fs::path>& runs, const fs::path& into,
                           const MergeOptions& options) {
  const fs::path work = options.work.empty() ? into : options.work;
  if (runs.size() > options.at_once) return merge_in_groups(runs, into, work, options);
  try {
    return Merge(runs, into, work / "run.db").merge(options);
  } catch (const Disagreement& found) {
    fail_different(found.task, runs[found.first], runs[found.second]);
  }
}

}  // namespace joust::journal
