// What Slurm's programs, the job scripts and the shards say, as one picture.

#include "runner/cluster/picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/cluster/picture_text.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

using cluster::NoteKind;
using cluster::ShardState;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("what squeue prints is understood, and what is of others is passed over") {
  const auto queue = cluster::parse_queue(
      "7|1|RUNNING|n1|None\n7|2|PENDING||Resources\n7|30|COMPLETING|n2|None\n"
      "8|N/A|PENDING||Dependency\n9|1|RUNNING|n3|None\nCLUSTER: big\n\n|||\n",
      "7", "8");
  REQUIRE(queue.shards.size() == 3);
  CHECK(queue.shards.at(1) == cluster::QueuedJob{"RUNNING", "n1", "None"});
  CHECK(queue.shards.at(2) == cluster::QueuedJob{"PENDING", "", "Resources"});
  CHECK(queue.shards.at(30).node == "n2");
  REQUIRE(queue.merge);
  CHECK(queue.merge->reason == "Dependency");
  CHECK(cluster::parse_queue("", "7", "8").empty());
}

TEST_CASE("a job that Slurm will not start by itself is told from one that waits") {
  CHECK(cluster::QueuedJob{"PENDING", "", "JobHeldUser"}.is_held());
  CHECK(cluster::QueuedJob{"PENDING", "", "launch failed requeued held"}.is_held());
  CHECK(cluster::QueuedJob{"SPECIAL_EXIT", "", ""}.is_held());
  CHECK_FALSE(cluster::QueuedJob{"PENDING", "", "Priority"}.is_held());
  CHECK(cluster::QueuedJob{"PENDING", "", "Priority"}.waits());
  CHECK_FALSE(cluster::QueuedJob{"RUNNING", "n1", "None"}.waits());
}

TEST_CASE("what sbatch, sacct and scontrol print is understood") {
  CHECK(cluster::parse_job_id("71\n")->id == "71");
  CHECK(cluster::parse_job_id("note of the site\n71;big\n")->cluster == "big");
  for (const char* text : {"", "Submitted batch job 71\n", ";big", "x1"}) {
    CAPTURE(text);
    CHECK_FALSE(cluster::parse_job_id(text));
  }
  CHECK(cluster::highest_array_index("Max\nMaxArraySize            = 1001\nMaxDBDMsgs = 20\n") ==
        1000);
  CHECK_FALSE(cluster::highest_array_index("slurm_load_ctl_conf error\n"));
  const auto states = cluster::parse_accounting(
      "7_1|COMPLETED\n7_2|CANCELLED by 0\n7_[3-9%2]|PENDING\n70_4|FAILED\n7|x\n", "7");
  CHECK(states == std::map<std::uint32_t, std::string>{{1, "COMPLETED"}, {2, "CANCELLED"}});
}

TEST_CASE("what a script notes is understood, and anything else is no note") {
  const auto ended = cluster::parse_note("ended exit=3 node=n1 idle=0\n");
  CHECK(ended == cluster::Note{NoteKind::ended, 3, "n1"});
  CHECK(cluster::parse_note("playing node=n2 idle=1").node == "n2");
  for (const char* text : {"", "end", "ended node=n1", "ended exit=x node=n1", "\xff\xfe"}) {
    CAPTURE(text);
    CHECK(cluster::parse_note(text).kind == NoteKind::none);
  }
}

TEST_CASE("a submission is read as it was written, and a damaged one is an error that names it") {
  const test::ScratchFolder folder;
  cluster::Submission submission;
  submission.name = "first \"x\"";
  submission.spec = "/s/first.toml";
  submission.worlds = 1200;
  submission.shards = 8;
  submission.joust = "/bin/joust";
  submission.options.time = "1:00";
  submission.options.more = {"--gres=gpu:1"};
  submission.options.max_running = 3;
  submission.rounds = {{12, "7", "8", "", "1-8", true}, {13, "", "9", "big", "", false}};
  CHECK_FALSE(cluster::is_submission(folder.path()));
  cluster::write_submission(folder.path(), submission);
  CHECK(cluster::is_submission(folder.path()));
  CHECK(cluster::read_submission(folder.path()) == submission);
  for (const char* text : {"", "{", "{}", "[]", "{\"format\": 1}", "{\"format\": 2}"}) {
    CAPTURE(text);
    test::write_text(folder.path() / cluster::kSubmissionFile, text);
    try {
      cluster::read_submission(folder.path());
      FAIL("it was read");
    } catch (const cluster::ClusterError& error) {
      CHECK(has(error.what(), (folder.path() / cluster::kSubmissionFile).string()));
    }
  }
}

// A submission of `shards` shards with ten worlds each.
struct Story {
  cluster::Submission submission;
  std::vector<cluster::ShardFacts> facts;
  cluster::Note merge;
  cluster::SlurmView slurm;

  explicit Story(std::uint32_t shards) {
    submission.name = "first";
    submission.shards = shards;
    submission.worlds = 10ULL * shards;
    submission.rounds = {{0, "7", "8", "", "1-9", false}};
    for (std::uint32_t shard = 1; shard <= shards; ++shard) facts.push_back({shard, {}, {}});
    slurm.queue.emplace();
  }
  void note(std::uint32_t shard, NoteKind kind, int exit = 0) {
    facts[shard - 1].note = {kind, exit, "n1"};
  }
  void queued(std::uint32_t shard, const std::string& state, const std::string& reason = "None") {
    slurm.queue->shards[shard] = {state, state == "RUNNING" ? "n2" : "", reason};
  }
  cluster::Picture picture() const {
    return cluster::make_picture(submission, facts, merge, slurm);
  }
  std::vector<ShardState> states() const {
    std::vector<ShardState> all;
    for (const auto& shard : picture().shards) all.push_back(shard.state);
    return all;
  }
  std::string text() const { return cluster::render_picture(picture(), {"runs/first"}); }
};

TEST_CASE("the state of a shard follows from the queue and from what its script noted") {
  Story story(9);
  story.queued(1, "PENDING", "Priority");
  story.queued(2, "RUNNING");
  story.note(2, NoteKind::playing);
  story.queued(3, "PENDING", "BeginTime");
  story.note(3, NoteKind::requeued);
  story.queued(4, "PENDING", "JobHeldUser");
  story.note(5, NoteKind::ended, 0);
  story.note(6, NoteKind::ended, 3);
  story.note(7, NoteKind::playing);  // it was killed
  story.note(8, NoteKind::stuck);
  story.note(9, NoteKind::ended, 4);
  CHECK(story.states() ==
        std::vector<ShardState>{ShardState::waiting, ShardState::running, ShardState::requeued,
                                ShardState::held, ShardState::finished, ShardState::incomplete,
                                ShardState::stopped, ShardState::stuck, ShardState::failed});
  const std::string text = story.text();
  CAPTURE(text);
  CHECK(has(text,
            "9: 1 waiting, 1 running, 1 requeued, 1 held, 1 finished, 1\n"
            "           incomplete, 1 stopped, 1 stuck, 1 failed\n"));
  CHECK(has(text, "shard 9 on n1: joust ended with exit code 4; runs/first/logs/shard-0009.log"));
  CHECK(has(text, "scontrol release 7"));
}

TEST_CASE("an element that ends just now counts as ended, and one of an older job as killed") {
  Story story(2);
  story.queued(1, "COMPLETING");
  story.note(1, NoteKind::ended, 0);
  story.note(2, NoteKind::playing);
  story.slurm.accounting[2] = "TIMEOUT";
  CHECK(story.states() == std::vector<ShardState>{ShardState::finished, ShardState::stopped});
  CHECK(story.picture().shards[1].why == "Slurm says TIMEOUT");
  CHECK(has(story.text(), "joust resume runs/first   (plays what is missing)") == false);
  story.slurm.queue->shards.clear();
  CHECK(has(story.text(), "joust resume runs/first   (plays what is missing)"));
}

TEST_CASE("worlds are summed up, and what a shard did last is not what it does now") {
  Story story(3);
  story.queued(1, "RUNNING");
  story.note(1, NoteKind::playing);
  story.facts[0].progress = cluster::ShardProgress{4, 1, 0, 2, 3.0};
  story.note(2, NoteKind::interrupted);
  story.queued(2, "PENDING", "BeginTime");
  story.facts[1].progress = cluster::ShardProgress{5, 0, 1, 2, 3.0};
  const auto total = story.picture().total;
  CHECK(total == cluster::ShardProgress{9, 1, 1, 2, 3.0});
  const std::string text = story.text();
  CAPTURE(text);
  CHECK(has(text, "9 of 30 done, 2 running, 17 pending, 1 failed, 1 void"));
  CHECK(has(text, "3.0 worlds/s, ETA 6s"));
  const auto json = nlohmann::json::parse(cluster::picture_json(story.picture()));
  CHECK(json["worlds"]["pending"] == 17);
  CHECK(json["states"]["requeued"] == 1);
  CHECK(json["shards"][2]["state"] == "stopped");
  CHECK(json["in_queue"] == true);
}

TEST_CASE("without squeue the picture is what the files say, with a warning") {
  Story story(4);
  story.slurm.queue.reset();
  story.slurm.trouble = "squeue cannot be started: No such file or directory";
  story.note(1, NoteKind::playing);
  story.note(2, NoteKind::requeued);
  story.note(3, NoteKind::interrupted);
  CHECK(story.states() == std::vector<ShardState>{ShardState::running, ShardState::requeued,
                                                  ShardState::stopped, ShardState::waiting});
  CHECK(has(story.text(), "squeue cannot be started"));
  CHECK(story.picture().merge == cluster::MergeState::waiting);
}

TEST_CASE("when all is merged the report is what comes next, and else what is missing") {
  Story story(1);
  story.note(1, NoteKind::ended, 0);
  CHECK(story.picture().merge == cluster::MergeState::none);
  CHECK(has(story.text(), "joust resume runs/first   (merges)"));
  story.merge = {NoteKind::ended, 0, "n1"};
  CHECK(story.picture().merge == cluster::MergeState::merged);
  CHECK(has(story.text(), "joust report runs/first"));
  CHECK_FALSE(has(story.text(), "joust resume"));
  story.merge.exit = 2;
  CHECK(has(story.text(), "failed with exit code 2: runs/first/logs/merge.log"));
  story.merge = {NoteKind::playing, 0, "n1"};
  CHECK(story.picture().merge == cluster::MergeState::failed);  // and is not in the queue
  story.slurm.queue->merge = cluster::QueuedJob{"RUNNING", "n1", "None"};
  CHECK(story.picture().merge == cluster::MergeState::running);
}

TEST_CASE("thousands of shards fit one screen, the worst of them first") {
  Story story(5000);
  for (std::uint32_t shard = 1; shard <= 5000; ++shard) {
    story.note(shard, shard % 2 == 0 ? NoteKind::playing : NoteKind::ended, shard == 777 ? 4 : 0);
    if (shard % 4 == 0) {
      story.slurm.queue->shards[shard] = {"RUNNING", "n" + std::to_string(shard), "None"};
    }
  }
  const std::string text = story.text();
  CAPTURE(text);
  CHECK(std::count(text.begin(), text.end(), '\n') <= 20);
  CHECK(has(text, "shard 777 on n1: joust ended with exit code 4"));
  CHECK(has(text, "and 1246 more"));
}

TEST_CASE("names from outside cannot hurt a terminal") {
  Story story(1);
  story.submission.name = "\033[2Jx";
  story.note(1, NoteKind::ended, 4);
  story.facts[0].note.node = "\033[2J";
  CHECK_FALSE(has(story.text(), "\033"));
}

}  // namespace
}  // namespace joust
