#include "runner/cluster/picture_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::cluster {
namespace {

constexpr std::size_t kLabel = 11;
constexpr std::size_t kMostAttention = 5;

std::string merge_words(const Picture& picture) {
  switch (picture.merge) {
    case MergeState::waiting:
      return "waits for the shards";
    case MergeState::running:
      return "running";
    case MergeState::merged:
      return "done: every world counts";
    case MergeState::incomplete:
      return "done, but worlds are missing";
    case MergeState::failed:
      return fmt::format("failed with exit code {}", picture.merge_exit);
    case MergeState::none:
      return "not in Slurm's queue";
  }
  return "";
}

class PictureText {
 public:
  PictureText(const Picture& picture, const PictureContext& context)
      : picture_(picture), context_(context), paint_(context.colour) {}

  std::string render() {
    labelled("tournament", report::printable(picture_.submission.name));
    jobs();
    if (!picture_.trouble.empty()) {
      alarm("warning", "Slurm's queue cannot be asked (" + report::printable(picture_.trouble) +
                           "): what follows is what files say");
    }
    worlds();
    shards();
    nodes();
    const bool alarming = picture_.merge == MergeState::failed;
    alarming ? alarm("merge", merge_words(picture_) + ": " + log("merge.log"))
             : labelled("merge", merge_words(picture_));
    attention();
    next();
    return std::move(text_);
  }

 private:
  std::string fitted(std::string_view text) const {
    return report::clip(text, context_.width - std::min(context_.width, kLabel));
  }
  void put(std::string_view label, std::string_view text) {
    text_ += paint_.bold(report::pad_right(label, kLabel));
    text_ += text;
    text_ += '\n';
  }
  void labelled(std::string_view label, std::string_view text) { put(label, fitted(text)); }
  // Continuation lines stand below the text.
  void wrapped(std::string_view label, std::string_view text) {
    for (const std::string& part :
         report::wrap(text, std::max(context_.width, 2 * kLabel) - kLabel)) {
      labelled(label, part);
      label = {};
    }
  }
  void alarm(std::string_view label, std::string_view text) { put(label, paint_.alarm(text)); }

  std::string log(const std::string& name) const { return context_.dir + "/logs/" + name; }
  std::string command(std::string_view words) const {
    return fmt::format("{} {} {}", report::shell_word(context_.program), words,
                       report::shell_word(context_.dir));
  }

  void jobs() {
    if (picture_.submission.rounds.empty()) {
      alarm("jobs", "none is recorded: 'joust submit' was stopped before it had submitted them");
      return;
    }
    const Round& round = picture_.submission.rounds.back();
    std::string text = "Slurm: ";
    if (!round.array_job.empty()) {
      text +=
          fmt::format("array {} (shards {}), ", round.array_job, report::clip(round.shards, 30));
    }
    wrapped("jobs", fmt::format("{}merge {}; submitted {}{}", text, round.merge_job,
                                report::human_time(round.at),
                                round.is_cancelled ? ", cancelled since" : ""));
  }

  void worlds() {
    const ShardProgress& total = picture_.total;
    const std::uint64_t all = picture_.submission.worlds;
    const std::uint64_t over = total.done + total.failed + total.voided;
    const std::uint64_t left = all - std::min(all, over);
    std::string text =
        fmt::format("{} of {} done, {} running, {} pending, {} failed", total.done, all,
                    total.running, left - std::min(left, total.running), total.failed);
    if (total.voided > 0) text += fmt::format(", {} void", total.voided);
    labelled("worlds", text);
    if (total.per_second <= 0) return;
    labelled(
        "speed",
        fmt::format("{} worlds/s, ETA {} if as many go on", report::human_rate(total.per_second),
                    report::human_seconds(static_cast<double>(left) / total.per_second)));
  }

  void shards() {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < kShardStates; ++i) {
      if (picture_.counts[i] == 0) continue;
      parts.push_back(
          fmt::format("{} {}", picture_.counts[i], shard_state_name(static_cast<ShardState>(i))));
    }
    wrapped("shards", fmt::format("{}: {}", picture_.submission.shards, fmt::join(parts, ", ")));
  }

  void nodes() {
    std::map<std::string, int> running;
    for (const ShardView& shard : picture_.shards) {
      if (shard.state == ShardState::running && !shard.node.empty()) ++running[shard.node];
    }
    if (running.empty()) return;
    std::vector<std::string> parts;
    parts.reserve(running.size());
    for (const auto& [node, count] : running) {
      parts.push_back(count == 1 ? node : fmt::format("{} ({})", node, count));
    }
    labelled("nodes", report::printable(fmt::format("{}", fmt::join(parts, ", "))));
  }

  void attention() {
    std::vector<const ShardView*> found;
    for (const ShardView& shard : picture_.shards) {
      if (needs_attention(shard.state)) found.push_back(&shard);
    }
    if (found.empty()) return;
    std::stable_sort(found.begin(), found.end(), [](const ShardView* a, const ShardView* b) {
      return a->state > b->state;  // the worst first
    });
    const std::size_t shown = std::min(found.size(), kMostAttention);
    std::string_view label = "look at";
    for (std::size_t i = 0; i < shown; ++i) {
      const ShardView& shard = *found[i];
      const std::string where = shard.node.empty() ? "" : " on " + shard.node;
      std::string text = fmt::format("shard {}{}: {}", shard.shard, where, shard.why);
      if (shard.state != ShardState::held) {
        text += "; " + log(fmt::format("shard-{}.log", shard_name(shard.shard)));
      }
      alarm(label, report::printable(text));
      label = "";
    }
    if (found.size() > shown) {
      labelled("", fmt::format("and {} more (--json lists them)", found.size() - shown));
    }
  }

  void next() {
    const bool has_result =
        picture_.merge == MergeState::merged || picture_.merge == MergeState::incomplete;
    if (has_result) put("next", command("report"));
    const bool is_unfinished =
        picture_.count(ShardState::finished) + picture_.count(ShardState::incomplete) <
        picture_.submission.shards;
    if (picture_.in_queue) {
      put("next", picture_.count(ShardState::held) > 0
                      ? fmt::format("scontrol release {}   or: {}",
                                    picture_.submission.rounds.back().array_job, command("cancel"))
                      : "wait; to stop it: " + command("cancel"));
    } else if (is_unfinished || !has_result) {
      put(has_result ? "" : "next",
          command("resume") + (is_unfinished ? "   (plays what is missing)" : "   (merges)"));
    }
  }

  const Picture& picture_;
  const PictureContext& context_;
  report::Paint paint_;
  std::string text_;
};

std::string_view merge_name(MergeState state) {
  constexpr std::array<std::string_view, 6> kNames = {"waiting",    "running", "merged",
                                                      "incomplete", "failed",  "none"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace

std::string render_picture(const Picture& picture, const PictureContext& context) {
  return PictureText(picture, context).render();
}

std::string picture_json(const Picture& picture) {
  using Json = nlohmann::ordered_json;
  const ShardProgress& total = picture.total;
  Json json = {{"name", picture.submission.name}};
  if (!picture.submission.rounds.empty()) {
    const Round& round = picture.submission.rounds.back();
    json["array_job"] = round.array_job;
    json["merge_job"] = round.merge_job;
    json["cancelled"] = round.is_cancelled;
  }
  json["queue_known"] = picture.trouble.empty();
  json["in_queue"] = picture.in_queue;
  const std::uint64_t over = total.done + total.failed + total.voided;
  const std::uint64_t left = picture.submission.worlds - std::min(picture.submission.worlds, over);
  json["worlds"] = {{"total", picture.submission.worlds},
                    {"done", total.done},
                    {"running", total.running},
                    {"pending", left - std::min(left, total.running)},
                    {"failed", total.failed},
                    {"void", total.voided}};
  json["worlds_per_second"] = total.per_second;
  json["states"] = Json::object();
  for (std::size_t i = 0; i < kShardStates; ++i) {
    json["states"][std::string(shard_state_name(static_cast<ShardState>(i)))] = picture.counts[i];
  }
  json["merge"] = merge_name(picture.merge);
  json["shards"] = Json::array();
  for (const ShardView& shard : picture.shards) {
    json["shards"].push_back({{"shard", shard.shard},
                              {"state", shard_state_name(shard.state)},
                              {"node", shard.node},
                              {"why", shard.why},
                              {"done", shard.progress.done},
                              {"failed", shard.progress.failed},
                              {"void", shard.progress.voided}});
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace joust::cluster
