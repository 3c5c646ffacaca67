"""The commands of ``gongzhi``, a file each."""
