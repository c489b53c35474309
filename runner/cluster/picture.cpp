#include "runner/cluster/picture.hpp"

#include <fmt/format.h>

namespace joust::cluster {
namespace {

constexpr std::array<std::string_view, kShardStates> kNames = {"waiting", "running",  "requeued",
                                                               "held",    "finished", "incomplete",
                                                               "stopped", "stuck",    "failed"};

constexpr int kAllCounted = 0;  // joust's exit codes (runner/cli/exit_code.hpp)
constexpr int kWorldsMissing = 3;

ShardState state_of_ended(int exit) {
  if (exit == kAllCounted) return ShardState::finished;
  return exit == kWorldsMissing ? ShardState::incomplete : ShardState::failed;
}

// `slurm` was asked, and has the job in its queue.
ShardState state_in_queue(const QueuedJob& job, bool has_begun) {
  if (job.is_held()) return ShardState::held;
  if (!job.waits()) return ShardState::running;
  return has_begun ? ShardState::requeued : ShardState::waiting;
}

// The note alone, where Slurm cannot be asked.
ShardState state_of_note(NoteKind kind) {
  switch (kind) {
    case NoteKind::none:
      return ShardState::waiting;
    case NoteKind::playing:
      return ShardState::running;
    case NoteKind::requeued:
      return ShardState::requeued;
    default:
      return ShardState::stopped;
  }
}

void add(ShardProgress& sum, const ShardProgress& more) {
  sum.done += more.done;
  sum.failed += more.failed;
  sum.voided += more.voided;
  sum.running += more.running;
  sum.per_second += more.per_second;
}

// Why a shard is not in the queue that did not end by itself.
std::string why_stopped(const Note& note, const std::string& accounting, bool is_cancelled) {
  if (note.kind == NoteKind::interrupted && note.exit == kWorldsMissing) {
    return "its deadline came before all of its worlds were played";
  }
  if (!accounting.empty()) return fmt::format("Slurm says {}", accounting);
  if (is_cancelled) return "cancelled";
  if (note.kind == NoteKind::none) return "left Slurm's queue without having begun";
  if (note.kind == NoteKind::interrupted) return "stopped by Slurm";
  return "killed: its time, its memory or its node may have come to an end";
}

class Maker {
 public:
  Maker(const Submission& submission, const SlurmView& slurm)
      : slurm_(slurm),
        is_cancelled_(!submission.rounds.empty() && submission.rounds.back().is_cancelled) {}

  ShardView view(const ShardFacts& facts) const {
    ShardView view{facts.shard, ShardState::waiting, facts.note.node, "", {}};
    view.progress = facts.progress.value_or(ShardProgress());
    const QueuedJob* job = queued(facts.shard);
    view.state = state_of(facts, job);
    if (job != nullptr && !job->node.empty()) view.node = job->node;
    view.why = why(view.state, facts, job);
    if (view.state != ShardState::running) {  // what its last status said is over
      view.progress.running = 0;
      view.progress.per_second = 0;
    }
    return view;
  }

  MergeState merge_state(const Note& merge) const {
    if (slurm_.queue && slurm_.queue->merge) {
      return slurm_.queue->merge->waits() ? MergeState::waiting : MergeState::running;
    }
    if (merge.kind == NoteKind::playing) {
      return slurm_.queue ? MergeState::failed : MergeState::running;
    }
    if (merge.kind != NoteKind::ended) {
      return slurm_.queue ? MergeState::none : MergeState::waiting;
    }
    if (merge.exit == kAllCounted) return MergeState::merged;
    return merge.exit == kWorldsMissing ? MergeState::incomplete : MergeState::failed;
  }

 private:
  const QueuedJob* queued(std::uint32_t shard) const {
    if (!slurm_.queue) return nullptr;
    const auto found = slurm_.queue->shards.find(shard);
    return found == slurm_.queue->shards.end() ? nullptr : &found->second;
  }

  ShardState state_of(const ShardFacts& facts, const QueuedJob* job) const {
    if (facts.note.kind == NoteKind::ended) return state_of_ended(facts.note.exit);
    if (facts.note.kind == NoteKind::stuck) return ShardState::stuck;
    if (job != nullptr) return state_in_queue(*job, facts.note.kind != NoteKind::none);
    return slurm_.queue ? ShardState::stopped : state_of_note(facts.note.kind);
  }

  std::string why(ShardState state, const ShardFacts& facts, const QueuedJob* job) const {
    switch (state) {
      case ShardState::failed:
        return fmt::format("joust ended with exit code {}", facts.note.exit);
      case ShardState::stuck:
        return "no world was finished before its time limit, again and again";
      case ShardState::held:
        return job->reason;
      case ShardState::stopped: {
        const auto found = slurm_.accounting.find(facts.shard);
        return why_stopped(facts.note, found == slurm_.accounting.end() ? "" : found->second,
                           is_cancelled_);
      }
      default:
        return job != nullptr && job->waits() ? job->reason : "";
    }
  }

  const SlurmView& slurm_;
  bool is_cancelled_;
};

}  // namespace

std::string_view shard_state_name(ShardState state) {
  return kNames[static_cast<std::size_t>(state)];
}

bool needs_attention(ShardState state) {
  return state == ShardState::held || state >= ShardState::stopped;
}

Picture make_picture(const Submission& submission, const std::vector<ShardFacts>& facts,
                     const Note& merge, const SlurmView& slurm) {
  const Maker maker(submission, slurm);
  Picture picture;
  picture.submission = submission;
  picture.trouble = slurm.trouble;
  for (const ShardFacts& each : facts) {
    picture.shards.push_back(maker.view(each));
    const ShardView& view = picture.shards.back();
    ++picture.counts[static_cast<std::size_t>(view.state)];
    add(picture.total, view.progress);
  }
  picture.merge = maker.merge_state(merge);
  picture.merge_exit = merge.exit;
  picture.in_queue = slurm.queue
                         ? !slurm.queue->empty()
                         : picture.count(ShardState::running) + picture.count(ShardState::waiting) +
                                   picture.count(ShardState::requeued) >
                               0;
  return picture;
}

}  // namespace joust::cluster
