#!/bin/sh
# Makes this machine a node of a SlapOS cloud. Run it as root: bash slapos
# Safe to repeat: it goes on where it stopped, keeps what is right, and upgrades a node without stopping its services.
set -eu

# Filled in by the Master that serves this script. Everything fetched is checked against these sums.
default_master_url='@MASTER_URL@'
default_master_url_web='@MASTER_URL_WEB@'
source_url='@SOURCE_URL@'
version='@VERSION@'
agent_sum='@AGENT_SUM@'
agent_size='@AGENT_SIZE@'
node_version='@NODE_VERSION@'
node_x64_sum='@NODE_X64_SUM@'
node_x64_binary_sum='@NODE_X64_BINARY_SUM@'
node_x64_size='@NODE_X64_SIZE@'
node_arm64_sum='@NODE_ARM64_SUM@'
node_arm64_binary_sum='@NODE_ARM64_BINARY_SUM@'
node_arm64_size='@NODE_ARM64_SIZE@'

prefix=/opt/slapos
configuration=/etc/opt/slapos/slapos.cfg
state=/var/opt/slapos
software_root=/opt/slapgrid
instance_root=/srv/slapgrid
log_directory=$prefix/log
init_script=/etc/init.d/slapos-node
# What each Debian package is recognised by.
packages='s6:/usr/bin/s6-svscan iproute2:/usr/sbin/ip nftables:/usr/sbin/nft util-linux:/usr/bin/setpriv passwd:/usr/sbin/useradd ca-certificates:/etc/ssl/certs/ca-certificates.crt'
need_memory_mib=450
# Thousands: major. What Node.js is built for.
need_kernel=4018
need_disk_mib=1500

usage() {
  cat << 'END'
Usage: bash slapos [OPTION...]
Makes this machine a node of a SlapOS cloud. What is not given is asked.

  --master-url URL        the Master's API                  (SLAPOS_MASTER_URL)
  --master-url-web URL    the Master's web site             (SLAPOS_MASTER_URL_WEB)
  --name NAME             name of this computer             (SLAPOS_NAME)
  --token TOKEN           single-use token; rather use the environment or a file
                                                            (SLAPOS_TOKEN)
  --token-file FILE       read the token from a file        (SLAPOS_TOKEN_FILE)
  --interface-name NAME   interface of the partitions' addresses, default lo
                                                            (SLAPOS_INTERFACE_NAME)
  --partition-number N    how many partitions, default 10   (SLAPOS_PARTITION_NUMBER)
  --non-interactive       ask nothing                       (SLAPOS_NON_INTERACTIVE=1)
  --uninstall             remove the node, its services and their data
END
}

