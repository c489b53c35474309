// What a machine allows, read from files as kernels of both kinds of control groups write them.

#include <doctest/doctest.h>

#include <map>

#include "runner/machine/control_groups.hpp"
#include "runner/machine/memory.hpp"
#include "runner/machine/processors.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;

constexpr std::uint64_t kGiB = 1ULL << 30;

// A root folder with these files.
struct Root {
  ScratchFolder folder;

  void put(const std::string& file, const std::string& text) const {
    const fs::path path = folder.path() / file;
    fs::create_directories(path.parent_path());
    test::write_text(path, text);
  }
  void version2(const std::string& own, const std::string& mount_root = "/") const {
    put("proc/self/mountinfo",
        "22 1 0:21 / / rw - ext4 /dev/a rw\n"
        "30 22 0:26 " +
            mount_root + " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
    put("proc/self/cgroup", "0::" + own + "\n");
  }
  void version1(const std::string& own) const {
    put("proc/self/mountinfo",
        "31 22 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
        "32 22 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
    put("proc/self/cgroup", "5:memory:" + own + "\n4:cpu,cpuacct:" + own + "\n");
  }
  void meminfo() const {
    put("proc/meminfo",
        "MemTotal:       16777216 kB\nMemFree: 1 kB\nMemAvailable:   12582912 kB\n");
  }
};

TEST_CASE("the groups of this process are found, innermost first") {
  const Root root;
  root.version2("/a/b");
  const fs::path mount = root.folder.path() / "sys/fs/cgroup";
  CHECK(machine::own_groups("", root.folder.path()) ==
        std::vector<fs::path>{mount / "a/b", mount / "a", mount});
  CHECK(machine::own_groups("memory", root.folder.path()).empty());
}

TEST_CASE("a container that sees a part of the hierarchy finds its place in it") {
  const Root root;
  root.version2("/docker/x/y", "/docker/x");
  const fs::path mount = root.folder.path() / "sys/fs/cgroup";
  CHECK(machine::own_groups("", root.folder.path()) == std::vector<fs::path>{mount / "y", mount});
  root.version2("/elsewhere", "/docker/x");
  CHECK(machine::own_groups("", root.folder.path()).empty());
}

TEST_CASE("where there are no files there are no groups and no limits") {
  const Root root;
  CHECK(machine::own_groups("", root.folder.path()).empty());
  CHECK(!machine::look_at_processors(root.folder.path()).quota);
  machine::MemoryGauge gauge(root.folder.path());
  CHECK(gauge.look().total == 0);
  CHECK(!gauge.look().group);
  CHECK(!gauge.take_oom_kill());
}

TEST_CASE("cpu.max of any group around counts, and a part of a processor is one") {
  const Root root;
  root.version2("/a/b");
  root.put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  CHECK(!machine::look_at_processors(root.folder.path()).quota);
  root.put("sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  CHECK(machine::look_at_processors(root.folder.path()).quota == 1.5);
  CHECK(machine::Processors{8, 1.5}.usable() == 2);
  CHECK(machine::Processors{8, 0.2}.usable() == 1);
  CHECK(machine::Processors{2, 7.0}.usable() == 2);
  CHECK(machine::Processors{3, std::nullopt}.usable() == 3);
  CHECK(machine::Processors{8, 3.5, 2}.usable() == 2);
  CHECK(machine::Processors{2, std::nullopt, 4}.usable() == 2);
}

TEST_CASE("the quota of version 1 is read, and -1 is none") {
  const Root root;
  root.version1("/job");
  root.put("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  root.put("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  CHECK(!machine::look_at_processors(root.folder.path()).quota);
  root.put("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "400000\n");
  CHECK(machine::look_at_processors(root.folder.path()).quota == 4);
}

TEST_CASE("the group that leaves the least memory decides, without what the kernel can drop") {
  const Root root;
  root.version2("/a/b");
  root.meminfo();
  root.put("sys/fs/cgroup/a/b/memory.max", "max\n");
  root.put("sys/fs/cgroup/a/b/memory.current", "1000\n");
  machine::MemoryGauge gauge(root.folder.path());
  CHECK(!gauge.look().group);
  CHECK(gauge.look().all() == 16 * kGiB);
  CHECK(gauge.look().left() == 12 * kGiB);
  root.put("sys/fs/cgroup/a/memory.max", std::to_string(4 * kGiB));
  root.put("sys/fs/cgroup/a/memory.current", std::to_string(3 * kGiB));
  root.put("sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file " + std::to_string(kGiB / 2) +
                                              "\nactive_file " + std::to_string(kGiB / 2));
  CHECK(gauge.look().group == machine::GroupMemory{4 * kGiB, 2 * kGiB});
  CHECK(gauge.look().all() == 4 * kGiB);
  CHECK(gauge.look().left() == 2 * kGiB);
  root.put("sys/fs/cgroup/a/b/memory.high", std::to_string(kGiB));  // it is throttled there
  CHECK(gauge.look().group == machine::GroupMemory{kGiB, 1000});
}

TEST_CASE("memory of version 1, whose groups without limit name a huge one") {
  const Root root;
  root.version1("/job");
  root.meminfo();
  const std::string group = "sys/fs/cgroup/memory/job/";
  root.put(group + "memory.limit_in_bytes", "9223372036854771712\n");
  root.put(group + "memory.usage_in_bytes", std::to_string(2 * kGiB));
  root.put(group + "memory.stat", "cache 9\ntotal_inactive_file 2\ntotal_active_file 3\n");
  machine::MemoryGauge gauge(root.folder.path());
  CHECK(!gauge.look().group);
  root.put(group + "memory.limit_in_bytes", std::to_string(3 * kGiB));
  CHECK(gauge.look().group == machine::GroupMemory{3 * kGiB, 2 * kGiB - 5});
}

TEST_CASE("a group that uses more than its limit leaves nothing") {
  CHECK(machine::GroupMemory{100, 250}.left() == 0);
}

TEST_CASE("each kill for want of memory is told once, and none from before") {
  const Root root;
  root.version2("/a");
  root.put("sys/fs/cgroup/a/memory.events", "low 0\noom 9\noom_kill 2\n");
  root.put("proc/vmstat", "oom_kill 70\n");
  machine::MemoryGauge gauge(root.folder.path());
  CHECK(!gauge.take_oom_kill());
  root.put("sys/fs/cgroup/a/memory.events", "low 0\noom 9\noom_kill 4\n");
  CHECK(gauge.take_oom_kill());
  CHECK(gauge.take_oom_kill());
  CHECK(!gauge.take_oom_kill());
}

TEST_CASE("kills that nobody asked about are forgotten after a while") {
  const Root root;
  root.put("proc/vmstat", "oom_kill 70\n");
  machine::MemoryGauge gauge(root.folder.path());
  const TimePoint start = TimePoint{} + std::chrono::hours(1);
  gauge.forget_old_oom_kills(start);
  root.put("proc/vmstat", "oom_kill 71\n");
  gauge.forget_old_oom_kills(start + std::chrono::seconds(10));
  gauge.forget_old_oom_kills(start + std::chrono::seconds(20));  // seen for the first time
  root.put("proc/vmstat", "oom_kill 72\n");
  CHECK(gauge.take_oom_kill());
  gauge.forget_old_oom_kills(start + std::chrono::seconds(40));
  CHECK(gauge.take_oom_kill());
  CHECK(!gauge.take_oom_kill());
}

TEST_CASE("kills are counted for the machine where no group counts them") {
  const Root root;
  root.put("proc/vmstat", "pgfault 3\noom_kill 70\n");
  machine::MemoryGauge gauge(root.folder.path());
  root.put("proc/vmstat", "pgfault 3\noom_kill 71\n");
  CHECK(gauge.take_oom_kill());
}

TEST_CASE("the time that all wait for memory is of the own group, or else of the machine") {
  const Root root;
  root.version2("/a");
  root.put("proc/pressure/memory", "some avg10=0.00 total=900\nfull avg10=0.00 total=80\n");
  machine::MemoryGauge gauge(root.folder.path());
  CHECK(gauge.look().stalled_us == 80);
  root.put("sys/fs/cgroup/a/memory.pressure",
           "some avg10=0.00 total=90\nfull avg10=0.00 total=7\n");
  CHECK(gauge.look().stalled_us == 7);
}

TEST_CASE("what workers may take is the lesser of what is free and what is granted") {
  machine::MemoryLook look;
  look.total = 20 * kGiB;
  look.available = 11 * kGiB;
  const auto free = machine::room_for_workers(look, {}, 5 * kGiB);
  CHECK(free.reserve == kGiB);
  CHECK(free.room == static_cast<std::int64_t>(10 * kGiB));
  CHECK(free.most == 19 * kGiB);
  CHECK(!free.critical);
  const auto granted = machine::room_for_workers(look, {6 * kGiB, 0}, 5 * kGiB);
  CHECK(granted.room == static_cast<std::int64_t>(kGiB));
  CHECK(!granted.critical);
  const auto exceeded = machine::room_for_workers(look, {4 * kGiB, 0}, 5 * kGiB);
  CHECK(exceeded.room == -static_cast<std::int64_t>(kGiB));
  CHECK(exceeded.critical);
  CHECK(exceeded.most == 4 * kGiB);
}

TEST_CASE("half of the reserve gone is critical") {
  machine::MemoryLook look;
  look.total = 20 * kGiB;
  look.available = 2 * kGiB;
  const auto short_of = machine::room_for_workers(look, {0, 3 * kGiB}, 0);
  CHECK(short_of.room == -static_cast<std::int64_t>(kGiB));
  CHECK(!short_of.critical);
  CHECK(machine::room_for_workers(look, {0, 5 * kGiB}, 0).critical);
}

// The environment of a job, as Slurm would set it.
machine::SlurmJob job_with(const std::map<std::string, std::string>& variables) {
  return machine::look_at_slurm_job([&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST_CASE("a Slurm job has the processors of its task, or those of the node") {
  const auto task =
      job_with({{"SLURM_JOB_ID", "7"}, {"SLURM_CPUS_PER_TASK", "3"}, {"SLURM_CPUS_ON_NODE", "4"}});
  CHECK(task.processors == 3);
  CHECK(task.processors_from == "SLURM_CPUS_PER_TASK");
  const auto node = job_with({{"SLURM_JOB_ID", "7"}, {"SLURM_CPUS_ON_NODE", "4"}});
  CHECK(node.processors == 4);
  CHECK(node.processors_from == "SLURM_CPUS_ON_NODE");
  const ScratchFolder nothing;
  CHECK(machine::look_at_processors(nothing.path(), node).job == 4);
}

TEST_CASE("a Slurm job has the memory of the node, or so much for each processor") {
  CHECK(job_with({{"SLURM_JOB_ID", "7"}, {"SLURM_MEM_PER_NODE", "2048"}}).memory == 2 * kGiB);
  const auto each =
      job_with({{"SLURM_JOB_ID", "7"}, {"SLURM_MEM_PER_CPU", "1024"}, {"SLURM_CPUS_ON_NODE", "3"}});
  CHECK(each.memory == 3 * kGiB);
  CHECK(each.memory_from == "SLURM_MEM_PER_CPU");
  CHECK(job_with({{"SLURM_JOB_ID", "7"}, {"SLURM_MEM_PER_NODE", "0"}}).memory == 0);  // all of it
}

TEST_CASE("outside of a job, and where the variables make no sense, Slurm limits nothing") {
  const auto outside = job_with({{"SLURM_CPUS_PER_TASK", "3"}, {"SLURM_MEM_PER_NODE", "2048"}});
  CHECK(outside.processors == 0);
  CHECK(outside.memory == 0);
  const auto senseless = job_with({{"SLURM_JOB_ID", "7"},
                                   {"SLURM_CPUS_PER_TASK", "many"},
                                   {"SLURM_CPUS_ON_NODE", "-1"},
                                   {"SLURM_MEM_PER_CPU", "1024"}});
  CHECK(senseless.processors == 0);
  CHECK(senseless.memory == 0);
}

TEST_CASE("a job's memory limits its workers where no control group keeps them to it") {
  const Root root;
  root.version2("/job");
  root.meminfo();
  machine::SlurmJob job;
  job.memory = 4 * kGiB;
  machine::MemoryGauge gauge(root.folder.path(), job);
  const machine::MemoryLook look = gauge.look();
  CHECK(look.job == 4 * kGiB);
  CHECK(look.all() == 4 * kGiB);
  CHECK(look.left() == 4 * kGiB);
  const auto room = machine::room_for_workers(look, {}, 3 * kGiB);
  CHECK(room.reserve == machine::default_reserve(4 * kGiB));
  CHECK(room.room == static_cast<std::int64_t>(kGiB) - static_cast<std::int64_t>(room.reserve));
  CHECK(room.most == 4 * kGiB - room.reserve);
  CHECK(!room.critical);
  CHECK(machine::room_for_workers(look, {}, 4 * kGiB).critical);

  root.put("sys/fs/cgroup/job/memory.current", "1000\n");
  root.put("sys/fs/cgroup/job/memory.max", std::to_string(4 * kGiB) + "\n");
  CHECK(gauge.look().job == 0);  // the group says the same, and knows what is used
}

TEST_CASE("where nothing is known of the machine only the grant counts") {
  CHECK(machine::room_for_workers({}, {}, 5).room > static_cast<std::int64_t>(1ULL << 60));
  CHECK(machine::room_for_workers({}, {100, 0}, 40).room == 60);
}

}  // namespace
}  // namespace joust
